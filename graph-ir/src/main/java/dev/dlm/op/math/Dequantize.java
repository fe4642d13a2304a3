package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.InferContext;
import java.util.List;

/**
 * The number that a quantized one stands for: {@code y = (x - zero) * scale}, as ONNX {@code
 * DequantizeLinear} defines it, of the scale's element type. Scale and zero point are one number
 * each, or one for each index of an axis.
 *
 * <p>(C1) three operands: x, scale, zero point; (C2) the scale is of a floating-point type; (C3) x
 * and the zero point are both {@code i8} or both {@code u8}; (C4) scale and zero point are scalars
 * where {@code axis} is −1, else vectors as long as that axis of x. Gradients: {@code u * (x -
 * zero)}, summed, with respect to the scale; zero to the integers.
 */
public record Dequantize(int axis) implements CompositeOp {
  @Override
  public void check(InferContext context) {
    context.checkCount(3);
    context.checkDType(
        "C2", context.in(1).dtype().isFloat(), "the scale " + context.in(1) + " is no float");
    DType dtype = context.in(0).dtype();
    context.checkDType(
        "C3",
        (dtype == DType.I8 || dtype == DType.U8) && context.in(2).dtype() == dtype,
        "takes i8 or u8 with a zero point of that type, not "
            + context.in(0)
            + " with "
            + context.in(2));
    QuantizedAxis.check(context, axis);
  }

  /** Differences of 8-bit integers are exact in every floating-point type. */
  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    Value x = b.cast(operands.get(0), DType.I32);
    Value zero = QuantizedAxis.spread(b, b.cast(operands.get(2), DType.I32), x, axis);
    Value difference = b.cast(b.sub(x, zero), operands.get(1).dtype());
    Value scale = QuantizedAxis.spread(b, operands.get(1), x, axis);
    return List.of(b.mul(difference, scale));
  }
}
