package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Error function: {@code y = 2/√π ∫₀ˣ e^(-t²) dt} (NIST DLMF 7.2.1).
 *
 * <p>(C1) one operand; (C3) it is of a floating-point type. Gradient: {@code u * 2/√π * e^(-x²)}.
 */
public record Erf() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.ERF;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3",
        context.in(0).dtype().isFloat(),
        "takes a floating-point tensor, not " + context.in(0));
    return context.in(0).dtype();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () -> {
          BodyBuilder b = context.builder();
          return b.mul(
              context.upstream(),
              b.mul(b.exp(b.neg(b.mul(context.in(0), context.in(0)))), 2 / Math.sqrt(Math.PI)));
        });
  }
}
