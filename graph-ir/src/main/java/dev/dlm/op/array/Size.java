package dev.dlm.op.array;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * A symbolic size as a scalar tensor: {@code y = dim}. Evaluated with the size bound to a constant.
 *
 * <p>(C1) no operands, and so no gradients; (C2) the element type is numeric.
 */
public record Size(Dim dim, DType dtype) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(0);
    context.checkDType("C2", dtype != DType.BOOL, "a size is not boolean");
    return List.of(TensorType.of(dtype));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {}

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    return List.of(HostTensor.scalar(dtype, dim.asLong()));
  }
}
