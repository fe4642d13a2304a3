package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Sign: {@code y} is −1, 0 or 1, and NaN for NaN.
 *
 * <p>(C1) one operand; (C3) it is of a numeric type. The gradient is zero.
 */
public record Sign() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.SIGN;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3", context.in(0).dtype() != DType.BOOL, "takes a numeric tensor, not " + context.in(0));
    return context.in(0).dtype();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
  }
}
