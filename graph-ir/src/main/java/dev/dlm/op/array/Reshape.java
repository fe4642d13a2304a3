package dev.dlm.op.array;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * The same elements in row-major order under another shape.
 *
 * <p>(C1) one operand; (C2) the shapes have equally many elements. Gradient: {@code u} reshaped
 * back.
 */
public record Reshape(Shape shape) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    context.checkEqual(
        "C2",
        context.in(0).shape().count(),
        shape.count(),
        context.in(0) + " and " + shape + " have different numbers of elements");
    return List.of(context.in(0).withShape(shape));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(0, () -> context.builder().reshape(context.upstream(), context.in(0).shape()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    return List.of(context.in(0).reshaped(context.result(0).shape()));
  }
}
