package dev.dlm.op.array;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Elements;
import dev.dlm.reference.Indexing;
import java.util.List;

/**
 * The elements in the other direction along some axes: {@code y[i] = x[n - 1 - i]} along these, for
 * their sizes {@code n}.
 *
 * <p>(C1) one operand; (C2) {@code axes} are axes of it, increasing. Gradient: {@code u} reversed.
 */
public record Reverse(List<Integer> axes) implements Op {
  public Reverse {
    axes = List.copyOf(axes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    for (int i = 0; i < axes.size(); i++) {
      context.checkAxis("C2", axes.get(i), operand.rank());
      context.check(
          "C2", i == 0 || axes.get(i) > axes.get(i - 1), "axes " + axes + " are not increasing");
    }
    return List.of(operand);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(0, () -> context.builder().one(this, context.upstream()));
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    return List.of(
        Elements.gather(
            x,
            context.result(0),
            i -> {
              long[] at = Indexing.coordinates(x.sizes(), i);
              axes.forEach(axis -> at[axis] = x.sizes()[axis] - 1 - at[axis]);
              return Indexing.position(x.sizes(), at);
            }));
  }
}
