package dev.dlm.testing;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Slice;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.WindowGeometry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random ops that change the shape of a value: moves, reductions, contractions and windows. */
final class RandomStructure {
  /** The sizes along one axis and the number of elements an item stay below these. */
  private static final long LARGEST_SIZE = 12;

  private static final long LARGEST_COUNT = 400;

  private static final long LARGEST_BATCH = 8;

  private final BodyBuilder b;
  private final Random random;
  private final RandomGraphs.Options options;

  RandomStructure(BodyBuilder builder, Random random, RandomGraphs.Options options) {
    this.b = builder;
    this.random = random;
    this.options = options;
  }

  /**
   * A value whose magnitude is at most {@code growth} times that of the operand plus {@code added}.
   */
  record Change(Value result, double growth, double added) {
    static Change of(Value result) {
      return new Change(result, 1, 0);
    }
  }

  /** Applies an op that suits {@code x}; {@code other} may take part. */
  Change change(Value x, Value other) {
    if (x.rank() == 0) {
      return Change.of(b.broadcastTo(x, Shape.of(2, 3)));
    }
    return switch (random.nextInt(10)) {
      case 0 -> Change.of(b.transpose(x, permutation(x.rank())));
      case 1 -> Change.of(reshape(x));
      case 2 -> Change.of(slice(x));
      case 3 -> pad(x);
      case 4 -> concat(x, other);
      case 5, 6 -> reduce(x);
      case 7 -> dot(x);
      case 8 -> x.rank() >= 3 && x.dim(1).isConstant() ? convolution(x) : dot(x);
      default -> window(x);
    };
  }

  private List<Integer> permutation(int rank) {
    List<Integer> axes = new ArrayList<>(List.of());
    for (int axis = 0; axis < rank; axis++) {
      axes.add(axis);
    }
    Collections.shuffle(axes, random);
    return axes;
  }

  private Value reshape(Value x) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    int axis = random.nextInt(dims.size());
    if (dims.size() >= 2 && random.nextBoolean()) {
      int first = random.nextInt(dims.size() - 1);
      dims.set(first, dims.get(first).times(dims.remove(first + 1)));
    } else if (dims.size() < 5 && dims.get(axis).dividedExactlyBy(Dim.of(2)).isPresent()) {
      dims.set(axis, dims.get(axis).floorDividedBy(2));
      dims.add(axis + random.nextInt(2), Dim.of(2));
    } else if (dims.size() < 5) {
      dims.add(axis, Dim.ONE);
    }
    return b.reshape(x, new Shape(dims));
  }

  private Value slice(Value x) {
    List<Dim> starts = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    List<Dim> limits = new ArrayList<>();
    for (Dim dim : x.shape().dims()) {
      long size = dim.isConstant() ? dim.asLong() : 1;
      long start = size > 2 && random.nextBoolean() ? random.nextInt((int) size - 1) : 0;
      starts.add(Dim.of(start));
      limits.add(size > 2 && start == 0 && random.nextBoolean() ? dim.plus(-1) : dim);
      strides.add(random.nextInt(4) == 0 ? 2L : 1L);
    }
    return b.one(new Slice(starts, limits, strides), x);
  }

  private Change pad(Value x) {
    List<Dim> low = new ArrayList<>();
    List<Dim> high = new ArrayList<>();
    List<Long> interior = new ArrayList<>();
    for (Dim dim : x.shape().dims()) {
      boolean grows = dim.isConstant() && dim.asLong() < LARGEST_SIZE / 2 && count(x) < 100;
      low.add(Dim.of(grows ? random.nextInt(2) : 0));
      high.add(Dim.of(grows ? random.nextInt(2) : 0));
      interior.add(grows && random.nextInt(4) == 0 ? 1L : 0L);
    }
    Value padding = b.scalar(options.dtype(), random.nextInt(3) / 2.0);
    return new Change(b.one(new Pad(low, high, interior), x, padding), 1, 1);
  }

  private Change concat(Value x, Value other) {
    for (int axis = x.rank() - 1; axis >= 0; axis--) {
      List<Integer> joined = List.of(axis);
      boolean fits =
          other.rank() == x.rank()
              && other.shape().without(joined).equals(x.shape().without(joined));
      if (fits && count(x) + count(other) <= LARGEST_COUNT && x.dim(axis).isConstant()) {
        return new Change(b.concat(List.of(x, b.tanh(other)), axis), 1, 1);
      }
    }
    return count(x) <= LARGEST_COUNT / 2
        ? Change.of(b.concat(List.of(x, x), x.rank() - 1))
        : Change.of(b.transpose(x, permutation(x.rank())));
  }

  private Change reduce(Value x) {
    List<Integer> axes = new ArrayList<>();
    double terms = 1;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (random.nextInt(3) == 0) {
        axes.add(axis);
        terms *= size(x.dim(axis));
      }
    }
    Reduce.Kind kind =
        options.smooth() || random.nextInt(3) > 0
            ? Reduce.Kind.SUM
            : random.nextBoolean() ? Reduce.Kind.MAX : Reduce.Kind.MIN;
    // Sizes that may be 0 would give infinities.
    if (axes.stream().anyMatch(axis -> !x.dim(axis).isConstant() || x.dim(axis).is(0))) {
      kind = Reduce.Kind.SUM;
    }
    return new Change(b.reduce(kind, x, axes), kind == Reduce.Kind.SUM ? terms : 1, 0);
  }

  /** A product with a constant along one axis, or of a batch of matrices with their transposes. */
  private Change dot(Value x) {
    int axis = random.nextInt(x.rank());
    if (x.rank() == 3 && size(x.dim(1)) <= LARGEST_SIZE && random.nextBoolean()) {
      Dot square = new Dot(List.of(0), List.of(0), List.of(2), List.of(2));
      return new Change(b.one(square, x, b.tanh(x)), size(x.dim(2)), 0);
    }
    if (!x.dim(axis).isConstant() || x.dim(axis).is(0)) {
      return Change.of(b.transpose(x, permutation(x.rank())));
    }
    long depth = x.dim(axis).asLong();
    Value matrix =
        b.constant(
            RandomGraphs.tensor(
                TensorType.of(options.dtype(), depth, 1 + random.nextInt(5)), random));
    Dot dot = new Dot(List.of(), List.of(), List.of(axis), List.of(0));
    return new Change(b.one(dot, x, matrix), depth, 0);
  }

  private Change convolution(Value x) {
    List<Long> kernel = new ArrayList<>(List.of(1L + random.nextInt(3), x.dim(1).asLong()));
    List<Long> strides = new ArrayList<>();
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    List<Long> dilations = new ArrayList<>();
    double terms = x.dim(1).asLong();
    for (int axis = 2; axis < x.rank(); axis++) {
      boolean wide = x.dim(axis).isConstant() && x.dim(axis).asLong() >= 2;
      long size = wide ? 2 : 1;
      kernel.add(size);
      terms *= size;
      strides.add(1L + random.nextInt(2));
      low.add((long) random.nextInt(2));
      high.add((long) random.nextInt(2));
      dilations.add(1L);
    }
    TensorType type =
        TensorType.of(options.dtype(), kernel.stream().mapToLong(Long::longValue).toArray());
    Value w = b.constant(RandomGraphs.tensor(type, random));
    ConvolutionWindow window = new ConvolutionWindow(strides, low, high, dilations, 1);
    return new Change(b.one(new Convolution(window), x, w), terms, 0);
  }

  private Change window(Value x) {
    List<Long> sizes = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    List<Long> low = new ArrayList<>();
    List<Long> high = new ArrayList<>();
    double terms = 1;
    for (Dim dim : x.shape().dims()) {
      boolean wide = dim.isConstant() && dim.asLong() >= 2 && random.nextBoolean();
      sizes.add(wide ? 2L : 1L);
      strides.add(wide ? 1L + random.nextInt(2) : 1L);
      low.add(wide ? (long) random.nextInt(2) : 0L);
      high.add(wide ? (long) random.nextInt(2) : 0L);
      terms *= wide ? 2 : 1;
    }
    boolean sums = options.smooth() || random.nextBoolean();
    Reduce.Kind kind = sums ? Reduce.Kind.SUM : Reduce.Kind.MAX;
    WindowGeometry geometry = new WindowGeometry(sizes, strides, low, high);
    return new Change(b.one(new ReduceWindow(kind, geometry), x), sums ? terms : 1, 0);
  }

  /** The elements, counting the batch as one. */
  private static long count(Value x) {
    long count = 1;
    for (Dim dim : x.shape().dims()) {
      count *= dim.isConstant() ? dim.asLong() : 1;
    }
    return count;
  }

  /** A size, taking a symbolic one for as large as batches are. */
  private static double size(Dim dim) {
    return dim.evaluate(symbol -> LARGEST_BATCH);
  }
}
