package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Product: {@code y = a * b}.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, numeric. Gradients: {@code u
 * * b} and {@code u * a}.
 */
public record Mul() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.MULTIPLY;
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
    context.gradient(0, () -> b.mul(context.upstream(), context.in(1)));
    context.gradient(1, () -> b.mul(context.upstream(), context.in(0)));
  }
}
