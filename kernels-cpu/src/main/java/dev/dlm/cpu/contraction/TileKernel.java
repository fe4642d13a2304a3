package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * The product of one strip of rows and one panel of columns over one block of depth.
 *
 * <p>Each element of the tile is accumulated from +0 with fused multiply-add in increasing depth,
 * and stored.
 *
 * <p>On the way it reads what later tiles need: a panel that comes from memory would stop the first
 * tile that meets it at each cache line, as Java has no instruction to fetch without waiting.
 */
interface TileKernel {

  /**
   * Computes one tile. Offsets and strides are bytes, except {@code aIndex}.
   *
   * @param a the strip of rows, a {@code float[]} or {@code double[]}, in the {@link StripLayout}
   *     the kernel was made for
   * @param aIndex the strip's first element
   * @param b the panel: one row of the tile's width for each step of depth
   * @param bDepthStride from one row of the panel to the next
   * @param c the result, columns side by side
   * @param depth the number of products to sum; 0 gives zeros
   * @param fetchOffset a place of {@code b}'s memory of which one byte is read in each step of
   *     depth; where nothing is to be fetched, {@code bOffset}
   * @param fetchStride from one such byte to the next
   * @return a number without a meaning: bytes that went nowhere would not be read
   */
  int run(
      Object a,
      int aIndex,
      MemorySegment b,
      long bOffset,
      long bDepthStride,
      MemorySegment c,
      long cOffset,
      long cRowStride,
      int depth,
      long fetchOffset,
      long fetchStride);
}
