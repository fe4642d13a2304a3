package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Negation: {@code y = -x}.
 *
 * <p>(C1) one operand; (C3) it is of a numeric type. Gradient: {@code -u}.
 */
public record Neg() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.NEGATE;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3", context.in(0).dtype() != DType.BOOL, "takes a numeric tensor, not " + context.in(0));
    return context.in(0).dtype();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () -> {
          BodyBuilder b = context.builder();
          return b.neg(context.upstream());
        });
  }
}
