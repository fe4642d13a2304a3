package dev.dlm.op.array;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * A tensor known when the graph is built: {@code y = value}.
 *
 * <p>(C1) no operands, and so no gradients.
 */
public record Constant(HostTensor value) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(0);
    return List.of(value.type());
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {}

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    return List.of(value);
  }
}
