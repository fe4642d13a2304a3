package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
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
 * Parts of a tensor that indices point to: of {@code x}, {@code [batch.., dims..]}, and {@code
 * indices}, {@code [batch.., I.., k]}, whose last axis holds one index for each of the {@code k}
 * {@code axes} of {@code x}, gives {@code [batch.., I.., remaining axes of x in order]}: {@code
 * y[b, i, r] = x[b, axes at indices[b, i, :], others at r]}. An index outside of its axis counts as
 * the nearest one inside.
 *
 * <p>(C1) two operands; (C2) indices are {@code i32} or {@code i64}; (C3) {@code axes} is not
 * empty, increasing, and names axes of {@code x} behind the batch axes; (C4) {@code indices} has
 * the batch axes and a last axis of size {@code k}; (C5) batch sizes are equal; (C6) no indexed
 * axis is empty. Gradient: {@code u} added to zeros where the clamped indices point, by {@link
 * Scatter}.
 */
public record Gather(int batch, List<Integer> axes) implements Op {
  public Gather {
    axes = List.copyOf(axes);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType x = context.in(0);
    TensorType result = x.withShape(new IndexedAxes(batch, axes).checkedShape(context));
    for (int axis : axes) {
      context.checkAtMost(
          "C6", Dim.ONE, x.dim(axis), "axis " + axis + " of " + x + " has no elements to point to");
    }
    return List.of(result);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  /** The elements that indices point to, as many as the result has. */
  @Override
  public Dim elementsRead(int operand, List<TensorType> operands, List<TensorType> results) {
    return (operand == 0 ? results : operands).get(operand).shape().count();
  }

  @Override
  public void differentiate(GradientContext context) {
    context.gradient(
        0,
        () -> {
          BodyBuilder b = context.builder();
          return b.one(
              new Scatter(Scatter.Kind.ADD, batch, axes),
              b.like(context.in(0), 0),
              new IndexedAxes(batch, axes).clamped(b, context.in(0), context.in(1)),
              context.upstream());
        });
    context.zero(1);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    IndexedAxes indexed = new IndexedAxes(batch, axes);
    long[] sizes = context.result(0).shape().asLongs();
    return List.of(
        Elements.gather(
            x,
            context.result(0),
            i -> {
              long[] at = Indexing.coordinates(sizes, i);
              long[] from = indexed.coordinates(x.sizes().length, context.in(1), at);
              for (int axis : axes) {
                from[axis] = Math.clamp(from[axis], 0, x.sizes()[axis] - 1);
              }
              return Indexing.position(x.sizes(), from);
            }));
  }
}
