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
 * The derivative of {@code y} along directions: {@code Σ_i (∂y/∂x_i) v_i}, of the type of {@code
 * y}; zeros where {@code y} depends on no {@code x_i}. Operands: {@code y}, then {@code x_0 …},
 * then {@code v_0 …}. A declaration: the compiler replaces it by the nodes that compute it, as the
 * gradient, with respect to {@code u}, of {@code Σ_i sum(v_i * ∂ sum(y * u)/∂x_i)}, which is linear
 * in {@code u} (Townsend, "A new trick for calculating Jacobian vector products", 2017).
 *
 * <p>(C1) {@code 1 + 2 count} operands and {@code count > 0}; (C2) {@code y} and all {@code x_i}
 * are floating point; (C3) {@code v_i} has the type of {@code x_i}.
 *
 * @param count number of {@code x_i}
 */
public record JacobianVectorProduct(int count) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.check(
        "C1",
        count > 0 && context.count() == 1 + 2 * (long) count,
        "takes a value, " + count + " places and as many directions, not " + context.count());
    for (int i = 0; i <= count; i++) {
      context.checkDType(
          "C2", context.in(i).dtype().isFloat(), context.in(i) + " has no derivative");
    }
    for (int i = 1; i <= count; i++) {
      TensorType x = context.in(i);
      TensorType v = context.in(i + count);
      String message = "the direction " + v + " does not suit " + x;
      context.checkDType("C3", x.dtype() == v.dtype(), message);
      context.checkEqual("C3", v.shape(), x.shape(), message);
    }
    return List.of(context.in(0));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    throw new InternalException(
        "jacobian_vector_product was not expanded before its operations were counted");
  }

  @Override
  public void differentiate(GradientContext context) {
    throw new InternalException(
        "jacobian_vector_product was not expanded before it was differentiated");
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    throw new InternalException("jacobian_vector_product was not expanded before it was evaluated");
  }
}
