package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * The larger operand: {@code y = max(a, b)}; NaN if either is NaN, and 0 is larger than −0.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, numeric. Gradients: {@code
 * u} goes to {@code a} where {@code a > b} and to {@code b} elsewhere, so that {@code max(x, 0)}
 * has the gradient 0 at 0.
 */
public record Max() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.MAXIMUM;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3", context.in(0).dtype() != DType.BOOL, "takes numeric tensors, not " + context.in(0));
    return context.checkSameDType("C3", 0);
  }

  @Override
  public void differentiate(GradientContext context) {
    // y > b holds exactly where a > b does; asking y lets the memory of a go early.
    BodyBuilder b = context.builder();
    context.gradient(
        0,
        () ->
            b.select(
                b.greater(context.out(0), context.in(1)),
                context.upstream(),
                b.like(context.upstream(), 0)));
    context.gradient(
        1,
        () ->
            b.select(
                b.greater(context.out(0), context.in(1)),
                b.like(context.upstream(), 0),
                context.upstream()));
  }
}
