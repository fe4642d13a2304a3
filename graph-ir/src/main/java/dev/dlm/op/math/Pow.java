package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Power: {@code y = a^b}.
 *
 * <p>(C1) two operands; (C2) of equal shape; (C3) of one element type, numeric. Gradients: {@code u
 * * b * a^(b-1)} and {@code u * y * ln a}, the latter zero where {@code a} is not positive.
 */
public record Pow() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.POWER;
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
    context.gradient(
        0,
        () ->
            b.mul(
                context.upstream(),
                b.mul(
                    context.in(1),
                    b.pow(context.in(0), b.sub(context.in(1), b.like(context.in(1), 1))))));
    context.gradient(
        1,
        () ->
            b.select(
                b.greater(context.in(0), b.like(context.in(0), 0)),
                b.mul(context.upstream(), b.mul(context.out(0), b.log(context.in(0)))),
                b.like(context.in(0), 0)));
  }
}
