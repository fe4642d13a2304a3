package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Natural logarithm: {@code y = ln x}; NaN below zero, −∞ at zero.
 *
 * <p>(C1) one operand; (C3) it is of a floating-point type. Gradient: {@code u / x}.
 */
public record Log() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.LOG;
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
          return b.div(context.upstream(), context.in(0));
        });
  }
}
