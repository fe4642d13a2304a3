package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Difference: {@code y = a - b}.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, numeric. Gradients: {@code
 * u} and {@code -u}.
 */
public record Sub() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.SUBTRACT;
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
    context.gradient(0, () -> context.upstream());
    context.gradient(1, () -> b.neg(context.upstream()));
  }
}
