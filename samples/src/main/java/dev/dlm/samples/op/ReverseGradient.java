package dev.dlm.samples.op;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import java.util.List;

/**
 * The operand unchanged, {@code y = x}, with the gradient {@code −strength · u} in place of {@code
 * u}: what stands before it learns to make the loss larger. Ganin, Lempitsky, "Unsupervised Domain
 * Adaptation by Backpropagation", arXiv:1409.7495.
 *
 * <p>(C1) one operand; (C2) it is a floating-point tensor.
 */
public record ReverseGradient(double strength) implements CompositeOp {
  @Override
  public void check(InferContext context) {
    context.checkCount(1);
    context.checkDType(
        "C2", context.in(0).dtype().isFloat(), "takes a float, not " + context.in(0));
  }

  @Override
  public List<Value> expand(BodyBuilder b, List<Value> operands) {
    return operands;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(0, () -> context.builder().mul(context.upstream(), -strength));
  }
}
