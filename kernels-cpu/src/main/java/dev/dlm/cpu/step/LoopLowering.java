package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Broadcast;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Size;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Transpose;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ops as loop kernels of constant sizes, over operands numbered as the op's operands and then its
 * result.
 */
final class LoopLowering {
  private LoopLowering() {}

  /** One function of corresponding elements. */
  static List<LoopKernel> elementwise(ElementwiseOp op, List<TensorType> types) {
    TensorType result = types.get(types.size() - 1);
    LoopBuilder loop = LoopBuilder.over(result.shape());
    long[] strides = LoopBuilder.strides(result.shape());
    Integer[] arguments = new Integer[types.size() - 1];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = loop.load(i, types.get(i).dtype(), 0, strides);
    }
    loop.store(loop.apply(op.function(), result.dtype(), arguments), types.size() - 1, 0, strides);
    return List.of(loop.build());
  }

  /** The same elements in the same order. */
  static List<LoopKernel> copy(List<TensorType> types) {
    Shape flat = new Shape(List.of(types.get(0).shape().count()));
    return gather(types.get(0).dtype(), flat, 0, new long[] {1});
  }

  static List<LoopKernel> broadcast(Broadcast op, List<TensorType> types) {
    long[] from = LoopBuilder.strides(types.get(0).shape());
    Shape result = types.get(1).shape();
    long[] strides = new long[result.rank()];
    for (int axis = 0; axis < from.length; axis++) {
      strides[op.axes().get(axis)] = from[axis];
    }
    return gather(types.get(0).dtype(), result, 0, strides);
  }

  static List<LoopKernel> transpose(Transpose op, List<TensorType> types) {
    long[] from = LoopBuilder.strides(types.get(0).shape());
    long[] strides = op.permutation().stream().mapToLong(axis -> from[axis]).toArray();
    return gather(types.get(0).dtype(), types.get(1).shape(), 0, strides);
  }

  static List<LoopKernel> slice(Slice op, List<TensorType> types) {
    long[] strides = LoopBuilder.strides(types.get(0).shape());
    long offset = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      offset += op.starts().get(axis).asLong() * strides[axis];
      strides[axis] *= op.strides().get(axis);
    }
    return gather(types.get(0).dtype(), types.get(1).shape(), offset, strides);
  }

  static List<LoopKernel> reverse(Reverse op, List<TensorType> types) {
    TensorType x = types.get(0);
    long[] strides = LoopBuilder.strides(x.shape());
    long offset = 0;
    for (int axis : op.axes()) {
      offset += (x.dim(axis).asLong() - 1) * strides[axis];
      strides[axis] = -strides[axis];
    }
    return gather(x.dtype(), x.shape(), offset, strides);
  }

  private static List<LoopKernel> gather(DType dtype, Shape result, long offset, long[] strides) {
    LoopBuilder loop = LoopBuilder.over(result);
    loop.store(loop.load(0, dtype, offset, strides), 1, 0, LoopBuilder.strides(result));
    return List.of(loop.build());
  }

  static List<LoopKernel> iota(Iota op, List<TensorType> types) {
    TensorType result = types.get(0);
    LoopBuilder loop = LoopBuilder.over(result.shape());
    int index = loop.add(new Instruction.Index(op.axis(), result.dtype()));
    loop.store(index, 0, 0, LoopBuilder.strides(result.shape()));
    return List.of(loop.build());
  }

  static List<LoopKernel> size(Size op) {
    LoopBuilder loop = LoopBuilder.over(Shape.SCALAR);
    loop.store(loop.add(new Instruction.Size(op.dim(), op.dtype())), 0, 0, new long[0]);
    return List.of(loop.build());
  }

  static List<LoopKernel> reduce(Reduce op, List<TensorType> types) {
    TensorType x = types.get(0);
    RowsAndColumns axes = new RowsAndColumns(x.shape(), op.axes());
    LoopBuilder loop = axes.loop();
    loop.fold(op.kind(), loop.load(0, x.dtype(), 0, axes.strides()));
    loop.endSweep();
    int folded = loop.add(new Instruction.Folded(0, x.dtype()));
    loop.store(folded, 1, 0, axes.resultStrides());
    return List.of(loop.build());
  }

  /**
   * Finds the extreme, then the least index where it stands; a NaN among the elements makes the
   * extreme NaN and is found as the element that differs from itself.
   */
  static List<LoopKernel> argReduce(ArgReduce op, List<TensorType> types) {
    TensorType x = types.get(0);
    RowsAndColumns axes = new RowsAndColumns(x.shape(), List.of(op.axis()));
    LoopBuilder loop = axes.loop();
    Reduce.Kind kind =
        switch (op.kind()) {
          case MAX -> Reduce.Kind.MAX;
          case MIN -> Reduce.Kind.MIN;
        };
    loop.fold(kind, loop.load(0, x.dtype(), 0, axes.strides()));
    loop.endSweep();
    int element = loop.load(0, x.dtype(), 0, axes.strides());
    int extreme = loop.add(new Instruction.Folded(0, x.dtype()));
    int found = loop.apply(ScalarFunction.EQUAL, DType.BOOL, element, extreme);
    if (x.dtype().isFloat()) {
      int isNan = loop.apply(ScalarFunction.NOT_EQUAL, DType.BOOL, element, element);
      found = loop.apply(ScalarFunction.OR, DType.BOOL, found, isNan);
    }
    int index = loop.add(new Instruction.Index(loop.rank() - 1, DType.I32));
    int none = loop.literal(DType.I32, Integer.MAX_VALUE);
    loop.fold(Reduce.Kind.MIN, loop.apply(ScalarFunction.SELECT, DType.I32, found, index, none));
    loop.endSweep();
    int least = loop.add(new Instruction.Folded(1, DType.I32));
    int missing = loop.literal(DType.I32, Integer.MAX_VALUE);
    int isMissing = loop.apply(ScalarFunction.EQUAL, DType.BOOL, least, missing);
    int zero = loop.literal(DType.I32, 0);
    int result = loop.apply(ScalarFunction.SELECT, DType.I32, isMissing, zero, least);
    loop.store(result, 1, 0, axes.resultStrides());
    return List.of(loop.build());
  }

  /** The axes of a tensor, those that are reduced away last. */
  private static final class RowsAndColumns {
    private final List<Dim> rows = new ArrayList<>();
    private final List<Dim> columns = new ArrayList<>();
    private final List<Long> strides = new ArrayList<>();

    RowsAndColumns(Shape shape, List<Integer> reduced) {
      long[] all = LoopBuilder.strides(shape);
      for (int axis = 0; axis < all.length; axis++) {
        if (!reduced.contains(axis)) {
          rows.add(shape.dim(axis));
          strides.add(all[axis]);
        }
      }
      for (int axis : reduced) {
        columns.add(shape.dim(axis));
        strides.add(all[axis]);
      }
    }

    LoopBuilder loop() {
      return new LoopBuilder(rows, columns);
    }

    long[] strides() {
      return strides.stream().mapToLong(Long::longValue).toArray();
    }

    long[] resultStrides() {
      return Arrays.copyOf(LoopBuilder.strides(new Shape(rows)), strides.size());
    }
  }

  /** Fills the result, then copies the elements that stay to their places. */
  static List<LoopKernel> pad(Pad op, List<TensorType> types) {
    TensorType x = types.get(0);
    TensorType result = types.get(2);
    LoopBuilder fill = LoopBuilder.over(result.shape());
    long[] resultStrides = LoopBuilder.strides(result.shape());
    fill.store(fill.load(1, x.dtype(), 0, fill.noStrides()), 2, 0, resultStrides);

    long[] from = LoopBuilder.strides(x.shape());
    long[] to = new long[from.length];
    List<Dim> kept = new ArrayList<>();
    long fromOffset = 0;
    long toOffset = 0;
    for (int axis = 0; axis < from.length; axis++) {
      long low = op.low().get(axis).asLong();
      long spread = op.interior().get(axis) + 1;
      long first = Math.max(0, Math.ceilDiv(-low, spread));
      long end =
          Math.min(x.dim(axis).asLong(), Math.ceilDiv(result.dim(axis).asLong() - low, spread));
      kept.add(Dim.of(Math.max(0, end - first)));
      fromOffset += first * from[axis];
      toOffset += (low + first * spread) * resultStrides[axis];
      to[axis] = spread * resultStrides[axis];
    }
    LoopBuilder copy = LoopBuilder.over(new Shape(kept));
    copy.store(copy.load(0, x.dtype(), fromOffset, from), 2, toOffset, to);
    return List.of(fill.build(), copy.build());
  }

  static List<LoopKernel> concat(Concat op, List<TensorType> types) {
    int last = types.size() - 1;
    long[] strides = LoopBuilder.strides(types.get(last).shape());
    List<LoopKernel> parts = new ArrayList<>();
    long start = 0;
    for (int i = 0; i < last; i++) {
      TensorType part = types.get(i);
      LoopBuilder loop = LoopBuilder.over(part.shape());
      int value = loop.load(i, part.dtype(), 0, LoopBuilder.strides(part.shape()));
      loop.store(value, last, start * strides[op.axis()], strides);
      parts.add(loop.build());
      start += part.dim(op.axis()).asLong();
    }
    return parts;
  }
}
