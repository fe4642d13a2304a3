package dev.dlm.plan;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import java.util.List;

/**
 * One scalar computation of a loop kernel's {@link Block}; its number is its place in the block,
 * and arguments are numbers of earlier instructions. Floating-point functions compute in the result
 * type ({@code f32} for narrower ones) and round to it.
 */
public sealed interface Instruction {
  /** The type of the value. */
  DType dtype();

  /**
   * An element of an operand.
   *
   * @param access its place in {@link LoopKernel#accesses}
   * @param otherwise a scalar: the value where a bound of the access fails; ignored for accesses
   *     without bounds
   */
  record Load(int access, DType dtype, HostTensor otherwise) implements Instruction {}

  /** A constant, as a tensor of rank 0. */
  record Literal(HostTensor value) implements Instruction {
    @Override
    public DType dtype() {
      return value.dtype();
    }
  }

  /** A size of the binding as a number. */
  record Size(Dim dim, DType dtype) implements Instruction {}

  /** The index along an axis: rows first, then columns. */
  record Index(int axis, DType dtype) implements Instruction {}

  /**
   * The result of a fold of an earlier sweep for this row; folds are numbered through all sweeps.
   */
  record Folded(int fold, DType dtype) implements Instruction {}

  /** A function of earlier instructions of the block. */
  record Apply(ScalarFunction function, DType dtype, List<Integer> arguments)
      implements Instruction {
    public Apply {
      arguments = List.copyOf(arguments);
    }
  }
}
