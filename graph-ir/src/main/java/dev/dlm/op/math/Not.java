package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Logical negation of booleans, {@code y = !x}; complement of the bits of integers, {@code y = ~x}.
 *
 * <p>(C1) one operand; (C3) it is boolean or of integers. The gradient is zero.
 */
public record Not() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.NOT;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        !context.in(0).dtype().isFloat(),
        "takes a boolean or integer tensor, not " + context.in(0));
    return context.in(0).dtype();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
  }
}
