package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.InferContext;
import dev.dlm.op.array.Reduce.Kind;
import dev.dlm.reference.Indexing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The axes of a tensor that {@link Gather} and {@link Scatter} index, and where an index points.
 *
 * @param batch leading axes that the tensor, the indices and the result have in common
 * @param axes the indexed axes, increasing
 */
record IndexedAxes(int batch, List<Integer> axes) {

  /** Checks C2 to C5 of both ops and gives the shape of what the indices point to. */
  Shape checkedShape(InferContext context) {
    TensorType x = context.in(0);
    TensorType indices = context.in(1);
    context.checkDType(
        "C2",
        indices.dtype() == DType.I32 || indices.dtype() == DType.I64,
        "indices are i32 or i64, not " + indices + "; cast(indices, i32) makes them so");
    context.check("C3", !axes.isEmpty() && batch >= 0, "indexes no axis of " + x);
    for (int i = 0; i < axes.size(); i++) {
      context.checkAxis("C3", axes.get(i), x.rank());
      context.check(
          "C3",
          axes.get(i) >= batch && (i == 0 || axes.get(i) > axes.get(i - 1)),
          "axes " + axes + " are not increasing axes behind " + batch + " batch axes");
    }
    context.check(
        "C4",
        indices.rank() > batch && indices.dim(indices.rank() - 1).is(axes.size()),
        indices
            + " does not hold "
            + axes.size()
            + " indices along its last axis, behind "
            + batch
            + " batch axes");
    for (int axis = 0; axis < batch; axis++) {
      context.checkEqual(
          "C5",
          x.dim(axis),
          indices.dim(axis),
          "batch sizes of " + x + " and " + indices + " differ");
    }
    return shape(x.shape(), indices.shape());
  }

  /** The shape {@code [batch.., I.., remaining axes of x]}. */
  Shape shape(Shape x, Shape indices) {
    List<Dim> dims = new ArrayList<>(indices.dims().subList(0, indices.rank() - 1));
    remaining(x.rank()).forEach(axis -> dims.add(x.dim(axis)));
    return new Shape(dims);
  }

  /** The axes of a tensor that are neither batch axes nor indexed. */
  List<Integer> remaining(int rank) {
    return IntStream.range(batch, rank).filter(axis -> !axes.contains(axis)).boxed().toList();
  }

  /**
   * The coordinates in {@code x} that an element of the gathered shape comes from, not clamped.
   *
   * @param at coordinates in the gathered shape
   */
  long[] coordinates(int rank, HostTensor indices, long[] at) {
    long[] sizes = indices.sizes();
    long[] from = new long[rank];
    System.arraycopy(at, 0, from, 0, batch);
    long[] place = Arrays.copyOf(at, sizes.length);
    for (int i = 0; i < axes.size(); i++) {
      place[sizes.length - 1] = i;
      from[axes.get(i)] = indices.longAt(Indexing.position(sizes, place));
    }
    int next = sizes.length - 1;
    for (int axis : remaining(rank)) {
      from[axis] = at[next++];
    }
    return from;
  }

  /** The indices moved into range. */
  Value clamped(BodyBuilder b, Value x, Value indices) {
    Value last = b.add(limits(b, x, indices), -1);
    return b.min(b.max(indices, b.scalar(indices.dtype(), 0)), last);
  }

  /** Whether each element of the gathered shape comes from inside of {@code x}. */
  Value inRange(BodyBuilder b, Value x, Value indices, Shape gathered) {
    Value inside =
        b.and(
            b.less(b.scalar(indices.dtype(), -1), indices), b.less(indices, limits(b, x, indices)));
    int tuples = indices.rank() - 1;
    Value all = b.reduce(Kind.ALL, inside, List.of(tuples));
    return b.broadcast(all, gathered, IntStream.range(0, tuples).boxed().toList());
  }

  /** The sizes of the indexed axes, in the element type of the indices. */
  private Value limits(BodyBuilder b, Value x, Value indices) {
    List<Value> sizes =
        axes.stream()
            .map(axis -> b.reshape(b.size(x.dim(axis), indices.dtype()), Shape.of(1)))
            .toList();
    return sizes.size() == 1 ? sizes.getFirst() : b.concat(sizes, 0);
  }
}
