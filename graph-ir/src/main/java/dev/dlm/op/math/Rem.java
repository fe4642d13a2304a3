package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Remainder of the truncated quotient, with the sign of the dividend: {@code y = a - b * trunc(a /
 * b)}; of integers, zero where {@code b} is zero.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, numeric. Gradients: {@code
 * u} and {@code -u * trunc(a / b)}.
 */
public record Rem() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.REMAINDER;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3", context.in(0).dtype() != DType.BOOL, "takes numeric tensors, not " + context.in(0));
    return context.checkSameDType("C3", 0);
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    context.gradient(0, () -> context.upstream());
    context.gradient(
        1,
        () ->
            b.neg(
                b.mul(
                    context.upstream(),
                    b.div(b.sub(context.in(0), context.out(0)), context.in(1)))));
  }
}
