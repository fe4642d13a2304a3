package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Exclusive or of booleans or of the bits of integers: {@code y = a ^ b}.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, boolean or integers. The
 * gradients are zero.
 */
public record Xor() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.XOR;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        !context.in(0).dtype().isFloat(),
        "takes boolean or integer tensors, not " + context.in(0));
    return context.checkSameDType("C3", 0);
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
    context.zero(1);
  }
}
