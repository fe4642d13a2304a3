package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** {@link ColumnDots} one element at a time. */
final class ScalarColumnDots implements ColumnDots {

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
    Arrays.fill(sums, 0, columns * LANES, 0);
    for (int column = 0; column < columns; column++) {
      long from = bOffset + column * bColumnStride;
      for (int k = 0; k < depth; k++) {
        int lane = column * LANES + k % LANES;
        sums[lane] =
            Math.fma(
                a.get(JAVA_FLOAT_UNALIGNED, aOffset + 4L * k),
                b.get(JAVA_FLOAT_UNALIGNED, from + 4L * k),
                sums[lane]);
      }
    }
  }
}
