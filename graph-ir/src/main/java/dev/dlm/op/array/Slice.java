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
 * A regular part: {@code y[i] = x[starts + i * strides]}, of size {@code ceil((limits - starts) /
 * strides)} along each axis.
 *
 * <p>(C1) one operand; (C2) one start, limit and stride an axis; (C3) strides are at least 1; (C4)
 * {@code 0 ≤ start ≤ limit ≤ size}. Gradient: {@code u} padded with zeros to the operand's shape.
 */
public record Slice(List<Dim> starts, List<Dim> limits, List<Long> strides) implements Op {
  public Slice {
    starts = List.copyOf(starts);
    limits = List.copyOf(limits);
    strides = List.copyOf(strides);
  }

  @Override
  public List<TensorType> infer(InferContext context) {
    context.checkCount(1);
    TensorType operand = context.in(0);
    int rank = operand.rank();
    context.check(
        "C2",
        starts.size() == rank && limits.size() == rank && strides.size() == rank,
        "bounds of another rank than " + operand);
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      context.check(
          "C3", strides.get(axis) >= 1, "stride " + strides.get(axis) + " is not positive");
      checkOrder(context, Dim.ZERO, starts.get(axis), axis);
      checkOrder(context, starts.get(axis), limits.get(axis), axis);
      checkOrder(context, limits.get(axis), operand.dim(axis), axis);
      dims.add(
          limits
              .get(axis)
              .minus(starts.get(axis))
              .plus(strides.get(axis) - 1)
              .floorDividedBy(strides.get(axis)));
    }
    return List.of(operand.withShape(new Shape(dims)));
  }

  private void checkOrder(InferContext context, Dim low, Dim high, int axis) {
    context.checkAtMost(
        "C4",
        low,
        high,
        starts.get(axis)
            + ":"
            + limits.get(axis)
            + " is outside axis "
            + axis
            + " of "
            + context.in(0));
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
          BodyBuilder b = context.builder();
          Value upstream = context.upstream();
          List<Dim> highs = new ArrayList<>();
          List<Long> interiors = new ArrayList<>();
          for (int axis = 0; axis < starts.size(); axis++) {
            long stride = strides.get(axis);
            interiors.add(stride - 1);
            Dim covered = upstream.dim(axis).minus(Dim.ONE).times(stride).plus(1);
            highs.add(context.in(0).dim(axis).minus(starts.get(axis)).minus(covered));
          }
          return b.one(new Pad(starts, highs, interiors), upstream, b.scalar(upstream.dtype(), 0));
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
              for (int axis = 0; axis < at.length; axis++) {
                at[axis] = starts.get(axis).asLong() + at[axis] * strides.get(axis);
              }
              return Indexing.position(x.sizes(), at);
            }));
  }
}
