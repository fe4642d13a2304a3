package dev.dlm.cpu.window;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Windows of two by two elements side by side, a vector of windows at a time; to be touched only
 * where the Vector API is present.
 */
final class HalvingVectors {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  // Lanes of two vectors taken as one: every other one, and those of both halves in turn.
  private static final IntVector EVEN = lanes(i -> 2 * i);
  private static final IntVector ODD = lanes(i -> 2 * i + 1);
  private static final IntVector LOWER_IN_TURN = lanes(i -> i / 2 + i % 2 * LANES);
  private static final IntVector UPPER_IN_TURN = lanes(i -> (i + LANES) / 2 + i % 2 * LANES);

  /** By their number. */
  private static final List<VectorMask<Float>> FIRST_LANES =
      IntStream.rangeClosed(0, LANES).mapToObj(n -> SPECIES.indexInRange(0, n)).toList();

  private HalvingVectors() {}

  private static IntVector lanes(IntUnaryOperator lane) {
    return IntVector.fromArray(
        IntVector.SPECIES_PREFERRED, IntStream.range(0, LANES).map(lane).toArray(), 0);
  }

  private static FloatVector pick(IntVector lanes, FloatVector first, FloatVector second) {
    return lanes
        .selectFrom(first.reinterpretAsInts(), second.reinterpretAsInts())
        .reinterpretAsFloats();
  }

  private static FloatVector combine(WindowKind kind, FloatVector a, FloatVector b) {
    return switch (kind) {
      case SUM -> a.add(b);
      case MAX -> a.max(b);
      case MIN -> a.min(b);
    };
  }

  /** Reduces one plane. */
  static void reduce(
      WindowShape shape, WindowKind kind, MemorySegment x, long from, MemorySegment y, long to) {
    long rowBytes = 4L * shape.width();
    for (int row = 0; row < shape.outputHeight(); row++) {
      long top = from + 2 * row * rowBytes;
      long at = to + 4L * row * shape.outputWidth();
      for (int column = 0; column < shape.outputWidth(); column += LANES) {
        int count = Math.min(LANES, shape.outputWidth() - column);
        VectorMask<Float> lower = FIRST_LANES.get(Math.min(LANES, 2 * count));
        VectorMask<Float> upper = FIRST_LANES.get(Math.max(0, 2 * count - LANES));
        long left = top + 8L * column;
        FloatVector t0 = load(x, left, lower);
        FloatVector t1 = load(x, left + 4L * LANES, upper);
        FloatVector b0 = load(x, left + rowBytes, lower);
        FloatVector b1 = load(x, left + rowBytes + 4L * LANES, upper);
        FloatVector result =
            kind == WindowKind.SUM
                ? pick(EVEN, t0, t1)
                    .add(0)
                    .add(pick(ODD, t0, t1))
                    .add(pick(EVEN, b0, b1))
                    .add(pick(ODD, b0, b1))
                : reduceExtreme(kind, combine(kind, t0, b0), combine(kind, t1, b1));
        result.intoMemorySegment(y, at + 4L * column, ORDER, FIRST_LANES.get(count));
      }
    }
  }

  private static FloatVector reduceExtreme(WindowKind kind, FloatVector first, FloatVector second) {
    return combine(kind, pick(EVEN, first, second), pick(ODD, first, second));
  }

  private static FloatVector load(MemorySegment segment, long offset, VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(SPECIES, segment, offset, ORDER, mask);
  }

  private static VectorMask<Float> selects(
      WindowKind kind, FloatVector candidate, FloatVector best) {
    return candidate
        .compare(kind == WindowKind.MAX ? GT : LT, best)
        .or(candidate.test(IS_NAN).andNot(best.test(IS_NAN)));
  }

  /** Writes one plane of the gradient. */
  static void scatter(
      WindowShape shape,
      WindowKind kind,
      MemorySegment x,
      long from,
      MemorySegment u,
      long uAt,
      MemorySegment dx,
      long to) {
    if (2 * shape.outputHeight() < shape.height() || 2 * shape.outputWidth() < shape.width()) {
      dx.asSlice(to, 4 * shape.inputPlane()).fill((byte) 0);
    }
    long rowBytes = 4L * shape.width();
    for (int row = 0; row < shape.outputHeight(); row++) {
      long top = 2 * row * rowBytes;
      long at = uAt + 4L * row * shape.outputWidth();
      for (int column = 0; column < shape.outputWidth(); column += LANES) {
        int count = Math.min(LANES, shape.outputWidth() - column);
        scatterRow(
            kind,
            x,
            from + top + 8L * column,
            u,
            at + 4L * column,
            dx,
            to + top + 8L * column,
            rowBytes,
            count);
      }
    }
  }

  private static void scatterRow(
      WindowKind kind,
      MemorySegment x,
      long from,
      MemorySegment u,
      long uAt,
      MemorySegment dx,
      long to,
      long rowBytes,
      int count) {
    VectorMask<Float> lower = FIRST_LANES.get(Math.min(LANES, 2 * count));
    VectorMask<Float> upper = FIRST_LANES.get(Math.max(0, 2 * count - LANES));
    long half = 4L * LANES;
    FloatVector t0 = load(x, from, lower);
    FloatVector t1 = load(x, from + half, upper);
    FloatVector b0 = load(x, from + rowBytes, lower);
    FloatVector b1 = load(x, from + rowBytes + half, upper);
    FloatVector second = pick(ODD, t0, t1);
    FloatVector third = pick(EVEN, b0, b1);
    FloatVector best = pick(EVEN, t0, t1);
    VectorMask<Float> toSecond = selects(kind, second, best);
    best = best.blend(second, toSecond);
    VectorMask<Float> toThird = selects(kind, third, best);
    best = best.blend(third, toThird);
    VectorMask<Float> toFourth = selects(kind, pick(ODD, b0, b1), best);
    VectorMask<Float> below = toThird.or(toFourth);
    FloatVector zero = FloatVector.zero(SPECIES);
    // Added to zero, as in the definition: −0 becomes +0.
    FloatVector sum = load(u, uAt, FIRST_LANES.get(count)).add(zero);
    FloatVector d0 = sum.blend(zero, toSecond.or(below));
    FloatVector d1 = zero.blend(sum, toSecond.andNot(below));
    FloatVector d2 = zero.blend(sum, toThird.andNot(toFourth));
    FloatVector d3 = zero.blend(sum, toFourth);
    pick(LOWER_IN_TURN, d0, d1).intoMemorySegment(dx, to, ORDER, lower);
    pick(UPPER_IN_TURN, d0, d1).intoMemorySegment(dx, to + half, ORDER, upper);
    pick(LOWER_IN_TURN, d2, d3).intoMemorySegment(dx, to + rowBytes, ORDER, lower);
    pick(UPPER_IN_TURN, d2, d3).intoMemorySegment(dx, to + rowBytes + half, ORDER, upper);
  }
}
