package dev.dlm.op.array;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Elements;
import dev.dlm.reference.Indexing;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Repetition along new axes: {@code y[i] = x[i_axes[0], i_axes[1], …]}. Axis {@code j} of the
 * operand is axis {@code axes[j]} of the result; the other axes of the result are new.
 *
 * <p>(C1) one operand; (C2) {@code axes} are as many as the operand has, increasing, and axes of
 * {@code shape}; (C3) sizes along them are equal. Gradient: the sum of {@code u} over the new axes.
 */
public record Broadcast(Shape shape, List<Integer> axes) implements Op {
  public Broadcast {
    axes = List.copyOf(axes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    context.check("C2", axes.size() == operand.rank(), operand + " does not broadcast to " + shape);
    for (int i = 0; i < axes.size(); i++) {
      context.checkAxis("C2", axes.get(i), shape.rank());
      context.check(
          "C2", i == 0 || axes.get(i) > axes.get(i - 1), "axes " + axes + " are not increasing");
      context.checkEqual(
          "C3",
          operand.dim(i),
          shape.dim(axes.get(i)),
          operand + " does not broadcast to " + shape);
    }
    return List.of(operand.withShape(shape));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () -> {
          List<Integer> added =
              IntStream.range(0, shape.rank())
                  .filter(axis -> !axes.contains(axis))
                  .boxed()
                  .toList();
          Value upstream = context.upstream();
          return added.isEmpty() ? upstream : context.builder().sum(upstream, added);
        });
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    long[] sizes = context.result(0).shape().asLongs();
    return List.of(
        Elements.gather(
            x,
            context.result(0),
            i -> {
              long[] at = Indexing.coordinates(sizes, i);
              return Indexing.position(
                  x.sizes(), axes.stream().mapToLong(axis -> at[axis]).toArray());
            }));
  }
}
