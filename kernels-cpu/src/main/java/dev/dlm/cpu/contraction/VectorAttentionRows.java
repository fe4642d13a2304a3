package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;

import dev.dlm.cpu.loop.ElementMemory;
import dev.dlm.cpu.loop.VectorTemplate;
import dev.dlm.cpu.math.FloatVectorMath;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link AttentionRows} a vector at a time, the {@linkplain VectorTemplate template} for all
 * widths; to be touched only where the Vector API is present.
 */
final class VectorAttentionRows extends ScalarAttentionRows {
  private static final VectorSpecies<Float> SPECIES =
      VectorTemplate.speciesOf(MethodHandles.lookup());
  private static final int VECTOR = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private VectorAttentionRows() {}

  /** Those that were made, by the elements of a vector. */
  private static final class Made {
    static final Map<Integer, AttentionRows> BY_LANES = new ConcurrentHashMap<>();
  }

  /** The rows for vectors of so many elements. */
  static AttentionRows ofLanes(int lanes) {
    return Made.BY_LANES.computeIfAbsent(lanes, VectorAttentionRows::make);
  }

  private static AttentionRows make(int lanes) {
    return VectorTemplate.make(
        MethodHandles.lookup(),
        VectorAttentionRows.class,
        AttentionRows.class,
        VectorSpecies.of(float.class, VectorShape.forBitSize(Float.SIZE * lanes)));
  }

  @Override
  public float largest(MemorySegment scores, long offset, int count, float start) {
    long at = row(scores, offset, count);
    IntVector largest = FloatVectorMath.ordered(FloatVector.broadcast(SPECIES, start));
    for (int i = 0; i < count; i += VECTOR) {
      largest = largest.max(FloatVectorMath.ordered(load(at + 4L * i)));
    }
    return FloatVectorMath.fromOrdered(largest).reduceLanes(VectorOperators.MAX);
  }

  @Override
  public float weigh(
      MemorySegment scores,
      long offset,
      int count,
      float scale,
      float shift,
      float[] weights,
      int index,
      float[] lanes) {
    long at = row(scores, offset, count);
    FloatVector negativeShift = FloatVector.broadcast(SPECIES, -shift);
    for (int lane = 0; lane < LANES; lane += VECTOR) {
      FloatVector sum = FloatVector.zero(SPECIES);
      for (int i = lane; i < count; i += LANES) {
        FloatVector score = load(at + 4L * i);
        FloatVector weight =
            FloatVectorMath.exp(score.fma(FloatVector.broadcast(SPECIES, scale), negativeShift));
        weight.intoArray(weights, index + i);
        sum = sum.add(weight);
      }
      sum.intoArray(lanes, lane);
    }
    return ColumnDots.sumOfLanes(lanes, 0);
  }

  @Override
  public void change(
      MemorySegment scores,
      long scoresOffset,
      MemorySegment products,
      long productsOffset,
      int count,
      float scale,
      float logSum,
      float correction,
      float[] changes,
      int index) {
    long score = row(scores, scoresOffset, count);
    long product = row(products, productsOffset, count);
    FloatVector negativeLogSum = FloatVector.broadcast(SPECIES, -logSum);
    FloatVector factor = FloatVector.broadcast(SPECIES, scale);
    for (int i = 0; i < count; i += VECTOR) {
      FloatVector weight = FloatVectorMath.exp(load(score + 4L * i).fma(factor, negativeLogSum));
      FloatVector change = load(product + 4L * i).sub(correction).mul(weight).mul(factor);
      weight.intoMemorySegment(ALL, score + 4L * i, ORDER);
      change.intoMemorySegment(ALL, product + 4L * i, ORDER);
      change.intoArray(changes, index + i);
    }
  }

  @Override
  public void hide(
      MemorySegment scores, long offset, int count, float[] hidden, int index, float replacement) {
    long at = row(scores, offset, count);
    for (int i = 0; i < count; i += VECTOR) {
      FloatVector flags = FloatVector.fromArray(SPECIES, hidden, index + i);
      load(at + 4L * i)
          .blend(replacement, flags.compare(VectorOperators.NE, 0))
          .intoMemorySegment(ALL, at + 4L * i, ORDER);
    }
  }

  @Override
  public void scale(
      MemorySegment sums,
      long offset,
      MemorySegment result,
      long resultOffset,
      int count,
      float factor) {
    int whole = SPECIES.loopBound(count);
    long from = row(sums, offset, whole);
    long to = row(result, resultOffset, whole);
    for (int i = 0; i < whole; i += VECTOR) {
      load(from + 4L * i).mul(factor).intoMemorySegment(ALL, to + 4L * i, ORDER);
    }
    if (whole < count) {
      super.scale(
          sums, offset + 4L * whole, result, resultOffset + 4L * whole, count - whole, factor);
    }
  }

  @Override
  public void add(
      MemorySegment sums,
      long offset,
      MemorySegment result,
      long resultOffset,
      int count,
      float decay,
      float factor) {
    int whole = SPECIES.loopBound(count);
    long from = row(sums, offset, whole);
    long to = row(result, resultOffset, whole);
    FloatVector slower = FloatVector.broadcast(SPECIES, decay);
    for (int i = 0; i < whole; i += VECTOR) {
      load(to + 4L * i)
          .fma(slower, load(from + 4L * i))
          .mul(factor)
          .intoMemorySegment(ALL, to + 4L * i, ORDER);
    }
    if (whole < count) {
      super.add(
          sums,
          offset + 4L * whole,
          result,
          resultOffset + 4L * whole,
          count - whole,
          decay,
          factor);
    }
  }

  private static long row(MemorySegment segment, long offset, int count) {
    return ElementMemory.address(segment, offset, 1, 0, 4L * count);
  }

  private static FloatVector load(long at) {
    return FloatVector.fromMemorySegment(SPECIES, ALL, at, ORDER);
  }
}
