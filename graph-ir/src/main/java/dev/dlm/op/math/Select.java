package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Choice: {@code y = c ? a : b} for each element.
 *
 * <p>(C1) three operands; (C2) of equal shape; (C3) the first boolean, the others of one element
 * type. Gradients: {@code c ? u : 0} with respect to {@code a} and {@code c ? 0 : u} with respect
 * to {@code b}.
 */
public record Select() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.SELECT;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        context.in(0).dtype() == DType.BOOL,
        "the condition is " + context.in(0) + ", not boolean");
    return context.checkSameDType("C3", 1);
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    context.zero(0);
    context.gradient(
        1, () -> b.select(context.in(0), context.upstream(), b.like(context.upstream(), 0)));
    context.gradient(
        2, () -> b.select(context.in(0), b.like(context.upstream(), 0), context.upstream()));
  }
}
