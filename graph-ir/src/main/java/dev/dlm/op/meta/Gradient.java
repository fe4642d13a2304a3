package dev.dlm.op.meta;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import java.util.List;

/**
 * The gradients of the first operand with respect to each of the others: {@code g_i = ∂y/∂x_i}, of
 * the type of {@code x_i}, zeros where {@code y} does not depend on {@code x_i}. A declaration: the
 * compiler replaces it by the nodes that compute it, inner ones first, so that gradients of
 * gradients need no rule of their own.
 *
 * <p>(C1) at least one operand; (C2) the first is a floating-point scalar; (C3) the others are
 * floating point.
 */
public record Gradient() implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.check("C1", context.count() > 0, "takes the value to differentiate");
    TensorType y = context.in(0);
    context.check(
        "C2",
        y.rank() == 0 && y.dtype().isFloat(),
        "only a floating-point scalar has a gradient, not " + y);
    List<TensorType> over = context.operands().subList(1, context.count());
    over.forEach(
        x -> context.checkDType("C3", x.dtype().isFloat(), "no gradient with respect to " + x));
    return over;
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    throw new InternalException("gradient was not expanded before its operations were counted");
  }

  @Override
  public void differentiate(GradientContext context) {
    throw new InternalException("gradient was not expanded before it was differentiated");
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    throw new InternalException("gradient was not expanded before it was evaluated");
  }
}
