package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Hyperbolic sine: {@code y = (e^x - e^-x) / 2}.
 *
 * <p>(C1) one operand; (C3) it is of a floating-point type. Gradient: {@code u * cosh(x)}.
 */
public record Sinh() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.SINH;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        context.in(0).dtype().isFloat(),
        "takes a floating-point tensor, not " + context.in(0));
    return context.in(0).dtype();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () -> {
          BodyBuilder b = context.builder();
          return b.mul(context.upstream(), b.one(new Cosh(), context.in(0)));
        });
  }
}
