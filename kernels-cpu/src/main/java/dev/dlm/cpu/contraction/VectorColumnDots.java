package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ColumnDots} a vector at a time; to be touched only where the Vector API is present. */
final class VectorColumnDots implements ColumnDots {

  private static final VectorSpecies<Float> FLOATS = VectorTapMoves.FLOATS;
  private static final int STEP = FLOATS.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public void sumLanes(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      long bColumnStride,
      int columns,
      int depth,
      float[] sums) {
    // Narrow vectors read the columns again, which are in the first cache by then, for more lanes.
    for (int lane = 0; lane < LANES; lane += STEP) {
      long from = bOffset + 4L * lane;
      if (columns == COLUMNS) {
        sumTwo(a, aOffset + 4L * lane, b, from, from + bColumnStride, depth, sums, lane);
      } else {
        sumOne(a, aOffset + 4L * lane, b, from, depth, sums, lane);
      }
    }
  }

  private static void sumTwo(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long firstOffset,
      long secondOffset,
      int depth,
      float[] sums,
      int lane) {
    FloatVector first = FloatVector.zero(FLOATS);
    FloatVector second = FloatVector.zero(FLOATS);
    for (int k = 0; k < depth; k += LANES) {
      long at = 4L * k;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, aOffset + at, ORDER);
      first = FloatVector.fromMemorySegment(FLOATS, b, firstOffset + at, ORDER).fma(x, first);
      second = FloatVector.fromMemorySegment(FLOATS, b, secondOffset + at, ORDER).fma(x, second);
    }
    first.intoArray(sums, lane);
    second.intoArray(sums, lane + LANES);
  }

  private static void sumOne(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      int depth,
      float[] sums,
      int lane) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int k = 0; k < depth; k += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, aOffset + 4L * k, ORDER);
      sum = FloatVector.fromMemorySegment(FLOATS, b, bOffset + 4L * k, ORDER).fma(x, sum);
    }
    sum.intoArray(sums, lane);
  }
}
