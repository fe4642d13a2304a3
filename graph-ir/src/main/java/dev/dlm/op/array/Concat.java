package dev.dlm.op.array;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Indexing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The operands one after the other along an axis.
 *
 * <p>(C1) at least one operand; (C2) all of one element type; (C3) of one rank, {@code axis} an
 * axis of it; (C4) sizes along the other axes are equal. Gradients: the slices of {@code u}.
 */
public record Concat(int axis) implements Op {
  @Override
  public List<TensorType> infer(InferContext context) {
    context.check("C1", context.count() > 0, "takes at least one operand");
    context.checkSameDType("C2", 0);
    TensorType first = context.in(0);
    context.checkAxis("C3", axis, first.rank());
    Dim total = Dim.ZERO;
    for (TensorType operand : context.operands()) {
      context.check(
          "C3", operand.rank() == first.rank(), "ranks differ: " + first + " and " + operand);
      for (int other = 0; other < first.rank(); other++) {
        if (other != axis) {
          context.checkEqual(
              "C4",
              first.dim(other),
              operand.dim(other),
              first + " and " + operand + " differ along axis " + other);
        }
      }
      total = total.plus(operand.dim(axis));
    }
    List<Dim> dims = new ArrayList<>(first.shape().dims());
    dims.set(axis, total);
    return List.of(first.withShape(new Shape(dims)));
  }

  @Override
  public Dim operations(List<TensorType> operands, List<TensorType> results) {
    return Dim.ZERO;
  }

  @Override
  public void differentiate(GradientContext context) {
    Dim start = Dim.ZERO;
    Shape whole = context.out(0).shape();
    int count = context.count();
    for (int i = 0; i < count; i++) {
      Dim limit = start.plus(context.in(i).dim(axis));
      List<Dim> starts = new ArrayList<>(Collections.nCopies(whole.rank(), Dim.ZERO));
      List<Dim> limits = new ArrayList<>(whole.dims());
      starts.set(axis, start);
      limits.set(axis, limit);
      Slice slice = new Slice(starts, limits, Collections.nCopies(whole.rank(), 1L));
      context.gradient(i, () -> context.builder().one(slice, context.upstream()));
      start = limit;
    }
  }

  @Override
  public List<HostTensor> evaluate(EvalContext context) {
    TensorType result = context.result(0);
    long[] sizes = result.shape().asLongs();
    return List.of(
        result.dtype().isFloat()
            ? HostTensor.ofDoubles(
                result,
                i -> {
                  long[] at = Indexing.coordinates(sizes, i);
                  HostTensor part = locate(context.operands(), at);
                  return part.doubleAt(Indexing.position(part.sizes(), at));
                })
            : HostTensor.ofLongs(
                result,
                i -> {
                  long[] at = Indexing.coordinates(sizes, i);
                  HostTensor part = locate(context.operands(), at);
                  return part.longAt(Indexing.position(part.sizes(), at));
                }));
  }

  /** The operand that holds the element at {@code at}, which becomes its coordinates there. */
  private HostTensor locate(List<HostTensor> parts, long[] at) {
    for (HostTensor part : parts) {
      if (at[axis] < part.sizes()[axis]) {
        return part;
      }
      at[axis] -= part.sizes()[axis];
    }
    throw new IllegalStateException("index outside every operand");
  }
}
