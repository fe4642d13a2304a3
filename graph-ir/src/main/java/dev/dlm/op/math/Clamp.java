package dev.dlm.op.math;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Value;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * The number nearest to {@code x} from {@code low} to {@code high}: {@code y = min(max(x, low),
 * high)}; {@code high} where {@code low > high}, and NaN if any of the three is NaN.
 *
 * <p>(C1) three operands; (C2) of equal shape; (C3) of one element type, numeric. Gradients: {@code
 * u} goes to {@code high} where {@code max(x, low)} is not below it, else to {@code x} where it is
 * above {@code low}, else to {@code low}; so it is zero with respect to {@code x} at the bounds.
 */
public record Clamp() implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.CLAMP;
  }

  @Override
  public DType inferDType(InferContext context) {
    context.checkDType(
        "C3", context.in(0).dtype() != DType.BOOL, "takes numeric tensors, not " + context.in(0));
    context.checkSameDType("C3", 0);
    return context.checkSameDType("C3", 1);
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    Value x = context.in(0);
    Value low = context.in(1);
    Value high = context.in(2);
    Value u = context.upstream();
    context.gradient(0, () -> b.select(isAbove(b, x, low), below(b, x, low, high, u), zero(b, u)));
    context.gradient(1, () -> b.select(isAbove(b, x, low), zero(b, u), below(b, x, low, high, u)));
    context.gradient(2, () -> b.select(b.less(b.max(x, low), high), zero(b, u), u));
  }

  private static Value isAbove(BodyBuilder b, Value x, Value low) {
    return b.greater(x, low);
  }

  /** The upstream gradient where the upper bound has no effect. */
  private static Value below(BodyBuilder b, Value x, Value low, Value high, Value u) {
    return b.select(b.less(b.max(x, low), high), u, zero(b, u));
  }

  private static Value zero(BodyBuilder b, Value u) {
    return b.like(u, 0);
  }
}
