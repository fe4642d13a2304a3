package dev.dlm.op.meta;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * The operand unchanged, but constant for differentiation: {@code y = x}, with the gradient zero.
 * (C1) one operand.
 */
public record StopGradient() implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    return List.of(context.in(0));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.zero(0);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    return List.of(context.in(0));
  }
}
