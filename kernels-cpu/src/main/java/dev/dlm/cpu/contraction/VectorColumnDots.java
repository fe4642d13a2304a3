package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;
import static dev.dlm.cpu.loop.ElementMemory.address;

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
    long row = address(a, aOffset, 1, 0, 4L * depth);
    long column = address(b, bOffset, columns, bColumnStride, 4L * depth);
    for (int lane = 0; lane < LANES; lane += STEP) {
      long from = column + 4L * lane;
      if (columns == COLUMNS) {
        sumTwo(row + 4L * lane, from, from + bColumnStride, depth, sums, lane);
      } else {
        sumOne(row + 4L * lane, from, depth, sums, lane);
      }
    }
  }

  private static void sumTwo(
      long row, long firstColumn, long secondColumn, int depth, float[] sums, int lane) {
    FloatVector first = FloatVector.zero(FLOATS);
    FloatVector second = FloatVector.zero(FLOATS);
    for (int k = 0; k < depth; k += LANES) {
      long at = 4L * k;
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, row + at, ORDER);
      first = FloatVector.fromMemorySegment(FLOATS, ALL, firstColumn + at, ORDER).fma(x, first);
      second = FloatVector.fromMemorySegment(FLOATS, ALL, secondColumn + at, ORDER).fma(x, second);
    }
    first.intoArray(sums, lane);
    second.intoArray(sums, lane + LANES);
  }

  private static void sumOne(long row, long column, int depth, float[] sums, int lane) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int k = 0; k < depth; k += LANES) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, ALL, row + 4L * k, ORDER);
      sum = FloatVector.fromMemorySegment(FLOATS, ALL, column + 4L * k, ORDER).fma(x, sum);
    }
    sum.intoArray(sums, lane);
  }
}
