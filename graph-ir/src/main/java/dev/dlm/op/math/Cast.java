package dev.dlm.op.math;

import dev.dlm.ir.DType;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.ScalarFunction;

/**
 * Conversion to another element type: {@code y = (dtype) x}. Floating point to integer truncates
 * towards zero, saturates, and maps NaN to 0; to boolean is {@code x != 0}; integers wrap; to a
 * narrower floating-point type rounds to nearest even.
 *
 * <p>(C1) one operand. Gradient: {@code u} cast back, zero unless both types are floating point.
 */
public record Cast(DType dtype) implements ElementwiseOp {
  @Override
  public ScalarFunction function() {
    return ScalarFunction.CAST;
  }

  @Override
  public DType inferDType(InferContext context) {
    return dtype;
  }

  @Override
  public void differentiate(GradientContext context) {
    if (dtype.isFloat() && context.in(0).dtype().isFloat()) {
      context.gradient(0, () -> context.builder().cast(context.upstream(), context.in(0).dtype()));
    } else {
      context.zero(0);
    }
  }
}
