package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Bits of {@code a} moved down by {@code b} places, zeros coming in; zero where {@code b} is
 * outside the width.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, integers. The gradients are
 * zero.
 */
public record ShiftRight() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.SHIFT_RIGHT_LOGICAL;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3", context.in(0).dtype().isInteger(), "takes integer tensors, not " + context.in(0));
    return context.checkSameDType("C3", 0);
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
    context.zero(1);
  }
}
