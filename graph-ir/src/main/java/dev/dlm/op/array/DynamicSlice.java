package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Elements;
import dev.dlm.reference.Indexing;
import java.util.List;

/**
 * A part of a tensor, of a fixed size, that starts where the second operand says: {@code y[i] =
 * x[starts + i]}. Starts are moved into range so that the part fits.
 *
 * <p>(C1) two operands; (C2) starts are {@code i32} or {@code i64}; (C3) they are a vector with one
 * start for each axis of {@code x}; (C4) {@code sizes} has one size an axis, at most that of {@code
 * x}. Gradient: {@code u} in zeros, by {@link DynamicUpdateSlice}.
 */
public record DynamicSlice(Shape sizes) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    Starts.check(context, 1);
    Starts.checkFits(context, sizes);
    return List.of(context.in(0).withShape(sizes));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  /** Of the tensor only the part. */
  @Override
  public Dim elementsRead(int operand, List<TensorType> operands, List<TensorType> results) {
    return (operand == 0 ? results : operands).get(operand).shape().count();
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    context.gradient(
        0,
        () ->
            b.one(
                new DynamicUpdateSlice(),
                b.like(context.in(0), 0),
                context.upstream(),
                context.in(1)));
    context.zero(1);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    long[] part = context.result(0).shape().asLongs();
    long[] starts = Starts.inRange(context.in(1), x.sizes(), part);
    return List.of(
        Elements.gather(
            x,
            context.result(0),
            i -> {
              long[] at = Indexing.coordinates(part, i);
              for (int axis = 0; axis < at.length; axis++) {
                at[axis] += starts[axis];
              }
              return Indexing.position(x.sizes(), at);
            }));
  }
}
