package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.InferContext;
import java.util.List;

/** Along which axis of a quantized tensor scales and zero points differ. */
final class QuantizedAxis {
  private QuantizedAxis() {}

  /** Checks operands 1 and 2, scale and zero point, as constraint C4. */
  static void check(InferContext context, int axis) {
    if (axis != Quantize.WHOLE) {
      context.checkAxis("C4", axis, context.in(0).rank());
    }
    for (int i = 1; i < 3; i++) {
      context.check(
          "C4",
          context.in(i).rank() == (axis == Quantize.WHOLE ? 0 : 1),
          context.in(i) + " is not one number" + (axis == Quantize.WHOLE ? "" : " an index"));
      if (axis != Quantize.WHOLE) {
        context.checkEqual(
            "C4", context.in(i).dim(0), context.in(0).dim(axis), "sizes of the axis differ");
      }
    }
  }

  /** A scale or zero point as large as {@code x}. */
  static Value spread(BodyBuilder b, Value parameter, Value x, int axis) {
    List<Integer> axes = axis == Quantize.WHOLE ? List.of() : List.of(axis);
    return parameter.shape().equals(x.shape())
        ? parameter
        : b.broadcast(parameter, x.shape(), axes);
  }
}
