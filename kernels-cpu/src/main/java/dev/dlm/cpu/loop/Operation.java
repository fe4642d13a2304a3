package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import java.util.List;

/**
 * An {@link dev.dlm.plan.Instruction} without anything that depends on sizes: what code is
 * generated from.
 */
sealed interface Operation {
  /** The type of the value. */
  DType dtype();

  /**
   * An element of an operand.
   *
   * @param otherwise a scalar: the value outside the bounds; zero for accesses without bounds
   */
  record Load(int access, DType dtype, HostTensor otherwise) implements Operation {}

  /** A constant, as a tensor of rank 0. */
  record Literal(HostTensor value) implements Operation {
    @Override
    public DType dtype() {
      return value.dtype();
    }
  }

  /** A number that is given when the code runs: {@link LoopState#parameters}. */
  record Parameter(int index, DType dtype) implements Operation {}

  /**
   * A linear function of the indices.
   *
   * @param form its number among the linear forms
   * @param varies whether it changes along the innermost axis
   */
  record Index(int form, DType dtype, boolean varies) implements Operation {}

  /**
   * The result of a fold of an earlier block.
   *
   * @param maximumOf the operation of this block that it is the maximum of over the row, or −1
   */
  record Folded(int fold, DType dtype, int maximumOf) implements Operation {}

  /** A function of earlier operations of the block. */
  record Apply(ScalarFunction function, DType dtype, List<Integer> arguments) implements Operation {
    public Apply {
      arguments = List.copyOf(arguments);
    }
  }
}
