package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
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
import java.util.ArrayList;
import java.util.List;

/**
 * The first operand surrounded, and along each axis spread, by copies of the second: element {@code
 * x[i]} becomes {@code y[low + i * (interior + 1)]}. Negative {@code low} and {@code high} cut
 * elements off. The size along an axis is {@code low + high + (n - 1) * (interior + 1) + 1}.
 *
 * <p>(C1) two operands; (C2) the second is a scalar of the element type of the first; (C3) one low,
 * high and interior an axis; (C4) interiors are not negative; (C5) sizes are not negative.
 * Gradients: the elements of {@code u} that came from the operand, and the sum of the others.
 */
public record Pad(List<Dim> low, List<Dim> high, List<Long> interior) implements Op {
  public Pad {
    low = List.copyOf(low);
    high = List.copyOf(high);
    interior = List.copyOf(interior);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(2);
    TensorType operand = context.in(0);
    context.checkSameDType("C2", 0);
    context.check(
        "C2", context.in(1).rank() == 0, "the padding " + context.in(1) + " is not a scalar");
    int rank = operand.rank();
    context.check(
        "C3",
        low.size() == rank && high.size() == rank && interior.size() == rank,
        "bounds of another rank than " + operand);
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      context.check(
          "C4", interior.get(axis) >= 0, "interior padding " + interior.get(axis) + " is negative");
      Dim spread = operand.dim(axis).minus(Dim.ONE).times(interior.get(axis) + 1).plus(1);
      Dim dim = low.get(axis).plus(high.get(axis)).plus(spread);
      context.checkAtMost("C5", Dim.ZERO, dim, "padding leaves a negative size along axis " + axis);
      dims.add(dim);
    }
    return List.of(operand.withShape(new Shape(dims)));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    BodyBuilder b = context.builder();
    context.gradient(0, () -> undo(context));
    context.gradient(1, () -> b.sub(b.sum(context.upstream()), b.sum(undo(context))));
  }

  private Value undo(GradientContext context) {
    BodyBuilder b = context.builder();
    Value upstream = context.upstream();
    List<Dim> cutLow = low.stream().map(dim -> dim.times(-1)).toList();
    List<Dim> cutHigh = high.stream().map(dim -> dim.times(-1)).toList();
    List<Long> none = interior.stream().map(spread -> 0L).toList();
    Value cut = b.one(new Pad(cutLow, cutHigh, none), upstream, b.scalar(upstream.dtype(), 0));
    List<Dim> starts = low.stream().map(dim -> Dim.ZERO).toList();
    List<Long> strides = interior.stream().map(spread -> spread + 1).toList();
    return strides.stream().allMatch(stride -> stride == 1)
        ? cut
        : b.one(new Slice(starts, cut.shape().dims(), strides), cut);
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    HostTensor x = context.in(0);
    long[] sizes = context.result(0).shape().asLongs();
    return List.of(
        Elements.gatherOr(
            x,
            context.in(1),
            context.result(0),
            i -> {
              long[] at = Indexing.coordinates(sizes, i);
              for (int axis = 0; axis < at.length; axis++) {
                long spread = interior.get(axis) + 1;
                long from = at[axis] - low.get(axis).asLong();
                if (from < 0 || from % spread != 0 || from / spread >= x.sizes()[axis]) {
                  return -1;
                }
                at[axis] = from / spread;
              }
              return Indexing.position(x.sizes(), at);
            }));
  }
}
