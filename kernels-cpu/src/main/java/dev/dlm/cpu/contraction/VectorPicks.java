package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;
import static dev.dlm.cpu.loop.ElementMemory.address;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies every second element of rows; to be touched only where the Vector API is present. Pairs
 * are read as longs, whose lower halves are the first ones. Two vectors of them make one whole, not
 * two of half the width ({@link dev.dlm.cpu.VectorModule#vectorBits}).
 */
final class VectorPicks {

  private static final VectorSpecies<Integer> INTS = VectorTapMoves.INTS;
  private static final VectorSpecies<Long> LONGS = INTS.withLanes(long.class);
  private static final int LANES = INTS.length();
  private static final int PAIRS = LONGS.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final boolean IS_SERVED =
      LONGS.vectorBitSize() >= 128 && ORDER == ByteOrder.LITTLE_ENDIAN;

  private static final long LOWER_HALF = 0xffffffffL;

  /** First what is in even lanes, then what is in odd ones. */
  private static final VectorShuffle<Integer> EVEN_THEN_ODD =
      VectorShuffle.fromOp(INTS, lane -> lane < PAIRS ? 2 * lane : 2 * (lane - PAIRS) + 1);

  /** By their number. */
  private static final List<VectorMask<Float>> FIRST_LANES =
      IntStream.rangeClosed(0, LANES)
          .mapToObj(n -> VectorTapMoves.FLOATS.indexInRange(0, n))
          .toList();

  private VectorPicks() {}

  /** How many rows, from the first, may be picked from in whole vectors. */
  static int rowsWithin(MemorySegment source, long offset, long rowStride, int rows, int columns) {
    return IS_SERVED && columns > 0
        ? VectorMoves.rowsWithin(source, offset, rowStride, rows, wholeBytes(columns))
        : 0;
  }

  /** Bytes of the vectors that a row is picked from. */
  private static long wholeBytes(int columns) {
    return 8L * Math.ceilDiv(columns, LANES) * LANES;
  }

  /** To an array: index and stride of the target are elements. */
  static void everySecond(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      float[] target,
      int targetIndex,
      int targetRowStride) {
    int last = lastVector(columns);
    VectorMask<Float> mask = FIRST_LANES.get(columns - last);
    long sourceAt = address(source, sourceOffset, rows, sourceRowStride, wholeBytes(columns));
    for (int row = 0; row < rows; row++) {
      long from = sourceAt + row * sourceRowStride;
      int to = targetIndex + row * targetRowStride;
      for (int i = 0; i < last; i += LANES) {
        firstOfPairs(from + 8L * i).intoArray(target, to + i);
      }
      firstOfPairs(from + 8L * last).intoArray(target, to + last, mask);
    }
  }

  /** To memory: offset and stride of the target are bytes. */
  static void everySecond(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    int last = lastVector(columns);
    VectorMask<Float> mask = FIRST_LANES.get(columns - last);
    long sourceAt = address(source, sourceOffset, rows, sourceRowStride, wholeBytes(columns));
    long targetAt = address(target, targetOffset, rows, targetRowStride, 4L * columns);
    for (int row = 0; row < rows; row++) {
      long from = sourceAt + row * sourceRowStride;
      long to = targetAt + row * targetRowStride;
      for (int i = 0; i < last; i += LANES) {
        firstOfPairs(from + 8L * i).intoMemorySegment(ALL, to + 4L * i, ORDER);
      }
      firstOfPairs(from + 8L * last).intoMemorySegment(ALL, to + 4L * last, ORDER, mask);
    }
  }

  /** Where the last vector begins, which may not be whole. */
  private static int lastVector(int columns) {
    return Math.max(0, (columns - 1) / LANES * LANES);
  }

  /** The first of each two elements: the lower halves of longs. */
  private static FloatVector firstOfPairs(long at) {
    LongVector first = LongVector.fromMemorySegment(LONGS, ALL, at, ORDER);
    LongVector second = LongVector.fromMemorySegment(LONGS, ALL, at + 8L * PAIRS, ORDER);
    return first
        .and(LOWER_HALF)
        .or(second.lanewise(VectorOperators.LSHL, 32))
        .reinterpretAsInts()
        .rearrange(EVEN_THEN_ODD)
        .reinterpretAsFloats();
  }
}
