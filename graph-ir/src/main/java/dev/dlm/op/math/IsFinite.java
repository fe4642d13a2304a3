package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Whether the operand is neither infinite nor NaN: {@code y = |x| < ∞}, boolean.
 *
 * <p>(C1) one operand; (C3) it is of a floating-point type. The gradient is zero.
 */
public record IsFinite() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.IS_FINITE;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        context.in(0).dtype().isFloat(),
        "takes a floating-point tensor, not " + context.in(0));
    return DType.BOOL;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
  }
}
