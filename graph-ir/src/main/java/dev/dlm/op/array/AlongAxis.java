package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.reference.Elements;
import dev.dlm.reference.Indexing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What ops that work along one axis have in common. */
record AlongAxis(int axis) {
  private static final long UNKNOWN_SIZE = 1024;

  /**
   * The comparisons of a sort: for each element the logarithm of the axis' size to the base of two,
   * rounded up. A size that is not known yet counts as 1,024.
   */
  Dim comparisonsOfSort(TensorType operand) {
    long size = operand.dim(axis).constant().orElse(UNKNOWN_SIZE);
    return operand
        .shape()
        .count()
        .times(Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, size - 1)));
  }

  /** Moves elements one place on, towards the start if {@code back}, and a zero in. */
  Value shift(BodyBuilder b, Value x, boolean back) {
    List<Dim> low = new ArrayList<>(Collections.nCopies(x.rank(), Dim.ZERO));
    List<Dim> high = new ArrayList<>(low);
    low.set(axis, Dim.of(back ? -1 : 1));
    high.set(axis, Dim.of(back ? 1 : -1));
    return b.one(new Pad(low, high, Collections.nCopies(x.rank(), 0L)), x, b.scalar(x.dtype(), 0));
  }

  /**
   * Zeros of the type of {@code like} with each update added at the place on its line that its
   * index names; updates whose index is none are left out.
   *
   * @param indices integers, of the shape of {@code updates}
   */
  Value scatterAdd(BodyBuilder b, Value indices, Value updates, Value like) {
    if (like.dim(axis).is(0)) {
      return b.like(like, 0);
    }
    Value lines = toLast(b, b.like(like, 0));
    Value places = toLast(b, indices);
    List<Dim> tuples = new ArrayList<>(places.shape().dims());
    tuples.add(Dim.ONE);
    int last = like.rank() - 1;
    Value sums =
        b.one(
            new Scatter(Scatter.Kind.ADD, last, List.of(last)),
            lines,
            b.reshape(places, new Shape(tuples)),
            toLast(b, updates));
    return fromLast(b, sums);
  }

  private Value toLast(BodyBuilder b, Value x) {
    List<Integer> order = new ArrayList<>(BodyBuilder.allAxes(x));
    order.remove(axis);
    order.add(axis);
    return axis == x.rank() - 1 ? x : b.transpose(x, order);
  }

  private Value fromLast(BodyBuilder b, Value x) {
    List<Integer> order = new ArrayList<>(BodyBuilder.allAxes(x));
    int last = order.removeLast();
    order.add(axis, last);
    return axis == last ? x : b.transpose(x, order);
  }

  /** The values in order and their indices, as many along the axis as the results have. */
  List<HostTensor> sorted(EvalContext context, boolean descending) {
    HostTensor x = context.in(0);
    TensorType type = context.result(0);
    int[] sources = new int[Math.toIntExact(type.shape().count().asLong())];
    List<int[]> targets = new ArrayList<>();
    forEachLine(type.shape().asLongs(), axis, false, targets::add);
    Iterator<int[]> target = targets.iterator();
    Map<Integer, Integer> places = new HashMap<>();
    if (!targets.isEmpty()) {
      forEachLine(
          x.sizes(),
          axis,
          false,
          line -> {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < line.length; i++) {
              places.put(line[i], i);
              order.add(line[i]);
            }
            order.sort((a, b) -> compare(x, a, b, descending));
            int[] into = target.next();
            for (int i = 0; i < into.length; i++) {
              sources[into[i]] = order.get(i);
            }
          });
    }
    return List.of(
        Elements.gather(x, type, i -> sources[i]),
        HostTensor.ofLongs(context.result(1), i -> Objects.requireNonNull(places.get(sources[i]))));
  }

  private static int compare(HostTensor x, int a, int b, boolean descending) {
    if (!x.dtype().isFloat()) {
      int order = Long.compare(x.longAt(a), x.longAt(b));
      return descending ? -order : order;
    }
    double left = x.doubleAt(a);
    double right = x.doubleAt(b);
    if (Double.isNaN(left) || Double.isNaN(right)) {
      return Boolean.compare(Double.isNaN(left), Double.isNaN(right));
    }
    // Adding 0 makes 0 of −0.
    int order = Double.compare(left + 0.0, right + 0.0);
    return descending ? -order : order;
  }

  /** Calls {@code action} with the positions of each line of elements along the axis, in order. */
  static void forEachLine(long[] sizes, int axis, boolean reverse, Consumer<int[]> action) {
    int length = Math.toIntExact(sizes[axis]);
    int stride = 1;
    for (int i = axis + 1; i < sizes.length; i++) {
      stride = Math.multiplyExact(stride, Math.toIntExact(sizes[i]));
    }
    int step = stride;
    int lines = length == 0 ? 0 : Indexing.count(sizes) / length;
    for (int line = 0; line < lines; line++) {
      int first = line / step * step * length + line % step;
      action.accept(
          IntStream.range(0, length)
              .map(i -> first + step * (reverse ? length - 1 - i : i))
              .toArray());
    }
  }
}
