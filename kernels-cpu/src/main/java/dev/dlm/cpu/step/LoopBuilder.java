package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Writes loop kernels of constant sizes. */
final class LoopBuilder {
  private final List<Dim> rows;
  private final List<Dim> columns;
  private final List<Access> accesses = new ArrayList<>();
  private final List<Block> sweeps = new ArrayList<>();
  private List<Instruction> instructions = new ArrayList<>();
  private List<Block.Fold> folds = new ArrayList<>();
  private List<Block.Store> stores = new ArrayList<>();

  LoopBuilder(List<Dim> rows, List<Dim> columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** A loop over the elements of a shape. */
  static LoopBuilder over(Shape shape) {
    return new LoopBuilder(List.of(), shape.dims());
  }

  /** The number of axes. */
  int rank() {
    return rows.size() + columns.size();
  }

  /** Strides of zero along every axis. */
  long[] noStrides() {
    return new long[rank()];
  }

  /** Loads an element; gives the number of the instruction. */
  int load(int operand, DType dtype, long offset, long[] strides) {
    return load(operand, dtype, offset, strides, List.of(), HostTensor.scalar(dtype, 0));
  }

  /** Loads an element where bounds hold. */
  int load(
      int operand,
      DType dtype,
      long offset,
      long[] strides,
      List<Access.Bound> bounds,
      HostTensor otherwise) {
    accesses.add(new Access(operand, Dim.of(offset), dims(strides), bounds));
    return add(new Instruction.Load(accesses.size() - 1, dtype, otherwise));
  }

  /** The condition {@code 0 ≤ offset + Σ coefficients[i] * index[i] < extent}. */
  static Access.Bound bound(long offset, long[] coefficients, long extent) {
    return new Access.Bound(Dim.of(offset), dims(coefficients), Dim.of(extent));
  }

  int add(Instruction instruction) {
    instructions.add(instruction);
    return instructions.size() - 1;
  }

  int literal(DType dtype, double value) {
    return add(new Instruction.Literal(HostTensor.scalar(dtype, value)));
  }

  int apply(ScalarFunction function, DType dtype, Integer... arguments) {
    return add(new Instruction.Apply(function, dtype, List.of(arguments)));
  }

  void fold(Reduce.Kind kind, int value) {
    folds.add(new Block.Fold(kind, value));
  }

  void store(int value, int operand, long offset, long[] strides) {
    accesses.add(new Access(operand, Dim.of(offset), dims(strides), List.of()));
    stores.add(new Block.Store(accesses.size() - 1, value));
  }

  /** Ends a sweep; what follows belongs to the next one, or to the finish. */
  void endSweep() {
    sweeps.add(takeBlock());
  }

  /** The kernel; what came after the last sweep is its finish. */
  LoopKernel build() {
    if (sweeps.isEmpty()) {
      endSweep();
    }
    return new LoopKernel(rows, columns, accesses, sweeps, takeBlock());
  }

  private Block takeBlock() {
    Block block = new Block(instructions, folds, stores);
    instructions = new ArrayList<>();
    folds = new ArrayList<>();
    stores = new ArrayList<>();
    return block;
  }

  /** Row-major strides of a constant shape. */
  static long[] strides(Shape shape) {
    long[] strides = new long[shape.rank()];
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = shape.strides().get(axis).asLong();
    }
    return strides;
  }

  static List<Dim> dims(long[] values) {
    List<Dim> dims = new ArrayList<>();
    for (long value : values) {
      dims.add(Dim.of(value));
    }
    return Collections.unmodifiableList(dims);
  }
}
