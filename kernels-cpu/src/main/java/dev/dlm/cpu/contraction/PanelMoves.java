package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * The copies that bring operands into the order in which {@link TileKernel}s read them, and tiles
 * to where they belong. Offsets and strides are bytes unless said otherwise.
 *
 * <p>Copies into packed memory may overwrite up to {@link TileSet#SLACK} elements less one behind
 * each row they write, and write rows in increasing order.
 */
interface PanelMoves {

  /**
   * Copies rows.
   *
   * @param rowBytes what to copy of each row, a multiple of 4
   */
  void copyRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int rowBytes,
      MemorySegment target,
      long targetOffset,
      long targetRowStride);

  /**
   * As {@link #copyRows(MemorySegment, long, long, int, int, MemorySegment, long, long)}, to an
   * array; {@code columns}, {@code targetIndex} and {@code targetRowStride} count elements.
   */
  void copyRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      float[] target,
      int targetIndex,
      int targetRowStride);

  /** As the method for binary32. */
  void copyRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      double[] target,
      int targetIndex,
      int targetRowStride);

  /**
   * Exchanges rows and columns: element {@code k} of source row {@code j} becomes element {@code j}
   * of target row {@code k}. Overwrites nothing beyond.
   *
   * @param sourceRows how many rows are read
   * @param length how many elements of each
   * @param elementBytes 4 or 8
   */
  void transpose(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int sourceRows,
      int length,
      MemorySegment target,
      long targetOffset,
      long targetRowStride,
      int elementBytes);

  /**
   * Copies the elements of a tile, binary32 or binary64, to a part of the result.
   *
   * @param accumulate whether to add to what the result holds
   */
  void storeTile(
      ElementKind element,
      MemorySegment tile,
      long tileOffset,
      long tileRowStride,
      int rows,
      int columns,
      MemorySegment result,
      long resultOffset,
      long resultRowStride,
      boolean accumulate);

  /** The longest stretch that {@link #copyTaps} moves at once, in elements. */
  int moveWidth();

  /**
   * Copies rows into wider ones: {@code left} zeros, the row, zeros up to {@code pitch}.
   *
   * @param columns elements of a source row, at most {@code pitch - left}
   */
  void padRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      float[] target,
      int targetIndex,
      int pitch,
      int left);

  /**
   * Copies every {@code stride}-th element of rows, and nothing beyond.
   *
   * @param columns elements of a target row
   * @param targetIndex the first element, in elements
   * @param targetRowStride from one row to the next, in elements
   */
  void pickRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      int stride,
      float[] target,
      int targetIndex,
      int targetRowStride);

  /** As the method above, to memory; target offset and stride are bytes. */
  void pickRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      int stride,
      MemorySegment target,
      long targetOffset,
      long targetRowStride);

  /**
   * Copies the same stretches once for each tap, to a row of the target each: for tap {@code t} and
   * move {@code m}, {@code length[m]} elements from {@code source[tapOffsets[t] + from[m]]} to
   * element {@code to[m]} of row {@code t}. Moves are sorted by {@code to} and cover each row
   * without gaps.
   *
   * @param rowElements the length of a target row, and the distance to the next
   */
  void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      int rowElements,
      MemorySegment target,
      long targetOffset);

  /** As the method above, to rows of an array that lie {@code rowPitch} elements apart. */
  void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      float[] target,
      int targetIndex,
      int rowPitch);

  /**
   * Sums stretches over all taps: element {@code to[m] + i} of the target becomes the sum over taps
   * {@code t} of {@code weights[weightIndex + t] * source[tapOffsets[t] + from[m] + i]},
   * accumulated from +0 with fused multiply-add in increasing {@code t}. Moves are as in {@link
   * #copyTaps}.
   */
  void sumTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      float[] weights,
      int weightIndex,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      MemorySegment target,
      long targetOffset);
}
