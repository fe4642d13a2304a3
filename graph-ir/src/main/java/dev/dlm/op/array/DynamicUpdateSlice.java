package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Indexing;
import java.util.List;
import java.util.Optional;

/**
 * The first operand with the second in the place of the part that starts where the third says:
 * {@code y[starts + i] = update[i]}, {@code y = x} elsewhere. Starts are moved into range so that
 * the update fits. A plan writes it over the first operand where nothing needs that later.
 *
 * <p>(C1) three operands; (C2) starts are {@code i32} or {@code i64}; (C3) they are a vector with
 * one start for each axis of {@code x}; (C4) the update has the rank of {@code x} and sizes of at
 * most those of {@code x}; (C5) {@code x} and the update have one element type. Gradients: of
 * {@code x}, {@code u} with zeros in the part; of the update, the part of {@code u}.
 */
public record DynamicUpdateSlice() implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(3);
    TensorType x = context.in(0);
    TensorType update = context.in(1);
    Starts.check(context, 2);
    Starts.checkFits(context, update.shape());
    context.checkDType(
        "C5", x.dtype() == update.dtype(), "operand types differ: " + x + " and " + update);
    return List.of(x);
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public Optional<Dim> elementsChanged(List<TensorType> operands) {
    return Optional.of(operands.get(1).shape().count());
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    context.gradient(
        0, () -> b.one(this, context.upstream(), b.like(context.in(1), 0), context.in(2)));
    context.gradient(
        1, () -> b.one(new DynamicSlice(context.in(1).shape()), context.upstream(), context.in(2)));
    context.zero(2);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    HostTensor update = context.in(1);
    long[] starts = Starts.inRange(context.in(2), x.sizes(), update.sizes());
    return List.of(
        x.dtype().isFloat()
            ? HostTensor.ofDoubles(
                x.type(),
                i -> {
                  int from = source(x, update, starts, i);
                  return from < 0 ? x.doubleAt(i) : update.doubleAt(from);
                })
            : HostTensor.ofLongs(
                x.type(),
                i -> {
                  int from = source(x, update, starts, i);
                  return from < 0 ? x.longAt(i) : update.longAt(from);
                }));
  }

  /** The element of the update that comes to a position, or −1. */
  private static int source(HostTensor x, HostTensor update, long[] starts, int position) {
    long[] at = Indexing.coordinates(x.sizes(), position);
    for (int axis = 0; axis < at.length; axis++) {
      at[axis] -= starts[axis];
    }
    return Indexing.inside(update.sizes(), at) ? Indexing.position(update.sizes(), at) : -1;
  }
}
