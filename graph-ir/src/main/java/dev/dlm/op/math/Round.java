package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Nearest integer, the even one of two that are equally near: {@code y = ⌊x + ½⌋} but for those; −0
 * from −½ up to −0.
 *
 * <p>(C1) one operand; (C3) it is of a floating-point type. The gradient is zero.
 */
public record Round() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.ROUND;
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
    context.zero(0);
  }
}
