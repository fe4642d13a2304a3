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
}
