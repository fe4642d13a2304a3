package dev.dlm.op.array;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.InferContext;

/** What {@link DynamicSlice} and {@link DynamicUpdateSlice} require of their starts and sizes. */
final class Starts {
  private Starts() {}

  /** Checks C2 and C3. */
  static void check(InferContext context, int operand) {
    TensorType starts = context.in(operand);
    context.checkDType(
        "C2",
        starts.dtype() == DType.I32 || starts.dtype() == DType.I64,
        "starts are i32 or i64, not " + starts + "; cast(starts, i32) makes them so");
    int rank = context.in(0).rank();
    context.check(
        "C3",
        starts.rank() == 1 && starts.dim(0).is(rank),
        starts + " is not one start for each axis of " + context.in(0));
  }

  /** Checks C4. */
  static void checkFits(InferContext context, Shape part) {
    TensorType x = context.in(0);
    String message = "a part of " + part + " does not fit into " + x;
    context.check("C4", part.rank() == x.rank(), message);
    for (int axis = 0; axis < x.rank(); axis++) {
      context.checkAtMost("C4", part.dim(axis), x.dim(axis), message);
    }
  }

  /** The starts moved into range. */
  static long[] inRange(HostTensor starts, long[] sizes, long[] part) {
    long[] moved = new long[sizes.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      moved[axis] = Math.clamp(starts.longAt(axis), 0, sizes[axis] - part[axis]);
    }
    return moved;
  }
}
