package dev.dlm.cpu.contraction;

import dev.dlm.plan.LoopKernel;
import java.lang.foreign.MemorySegment;

/** Products of one row with columns of which each lies side by side, summed in lanes. */
interface ColumnDots {

  /** Columns that are read at the same time: memory gives two streams sooner than eight. */
  int COLUMNS = 2;

  int LANES = LoopKernel.FOLD_LANES;

  /**
   * Sums products: lane {@code l} of a column takes those of the depths {@code k} with {@code k mod
   * 16 = l}, from +0 with fused multiply-add in increasing depth. Offsets and strides are bytes.
   *
   * @param columns 1 or 2
   * @param depth a multiple of {@link #LANES}
   * @param sums {@link #LANES} for each column
   */
  void sumLanes(
      MemorySegment a,
      long aOffset,
      MemorySegment b,
      long bOffset,
      long bColumnStride,
      int columns,
      int depth,
      float[] sums);

  /** Adds up lanes in the order of a fold in {@link LoopKernel}. */
  static float sumOfLanes(float[] sums, int first) {
    float sum0 = sums[first] + sums[first + 8];
    float sum1 = sums[first + 1] + sums[first + 9];
    float sum2 = sums[first + 2] + sums[first + 10];
    float sum3 = sums[first + 3] + sums[first + 11];
    float sum4 = sums[first + 4] + sums[first + 12];
    float sum5 = sums[first + 5] + sums[first + 13];
    float sum6 = sums[first + 6] + sums[first + 14];
    float sum7 = sums[first + 7] + sums[first + 15];
    return ((sum0 + sum4) + (sum2 + sum6)) + ((sum1 + sum5) + (sum3 + sum7));
  }
}
