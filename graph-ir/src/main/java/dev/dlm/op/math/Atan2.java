package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Angle of the point {@code (b, a)}, within ±π: the arc tangent of {@code a / b} in the right
 * quadrant. Zeros of both signs and infinities give what IEEE 754 recommends: 0 or π and quarters
 * between, with the sign of {@code a}.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, floating point. Gradients:
 * {@code u * b / (a² + b²)} and {@code -u * a / (a² + b²)}.
 */
public record Atan2() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.ATAN2;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        context.in(0).dtype().isFloat(),
        "takes floating-point tensors, not " + context.in(0));
    return context.checkSameDType("C3", 0);
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    Value y = context.in(0);
    Value x = context.in(1);
    context.gradient(0, () -> b.mul(context.upstream(), b.div(x, squares(b, y, x))));
    context.gradient(1, () -> b.neg(b.mul(context.upstream(), b.div(y, squares(b, y, x)))));
  }

  private static Value squares(BodyBuilder b, Value y, Value x) {
    return b.add(b.mul(y, y), b.mul(x, x));
  }
}
