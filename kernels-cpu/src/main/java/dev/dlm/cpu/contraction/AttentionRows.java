package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * What attention does with rows of scores, binary32, between its products. Every implementation
 * computes the same bits. Counts are multiples of {@link #LANES}, except where said otherwise; sums
 * run over {@value #LANES} lanes, column {@code j} in lane {@code j mod 16}, which are folded in
 * halves. Offsets are bytes.
 */
interface AttentionRows {
  /** The lanes of a sum. */
  int LANES = 16;

  /** The rows for the vectors of a set of tiles. */
  static AttentionRows of(TileSet tiles) {
    return tiles instanceof VectorTileSet
        ? VectorAttentionRows.ofLanes(tiles.lanes())
        : new ScalarAttentionRows();
  }

  /** The largest of some scores and {@code start}; NaN if one is. */
  float largest(MemorySegment scores, long offset, int count, float start);

  /**
   * Computes {@code weights[i] = exp(scores[i] * scale - shift)}, the argument with one rounding.
   *
   * @param lanes overwritten
   * @return the sum of the weights
   */
  float weigh(
      MemorySegment scores,
      long offset,
      int count,
      float scale,
      float shift,
      float[] weights,
      int index,
      float[] lanes);

  /**
   * The gradient's turn: {@code p[i] = exp(scores[i] * scale - logSum)} replaces the scores, and
   * {@code r[i] = p[i] * (products[i] - offset) * scale} the products.
   *
   * @param changes receives {@code r}, too
   */
  void change(
      MemorySegment scores,
      long scoresOffset,
      MemorySegment products,
      long productsOffset,
      int count,
      float scale,
      float logSum,
      float correction,
      float[] changes,
      int index);

  /** Replaces the elements for which {@code hidden} is not 0. */
  void hide(
      MemorySegment scores, long offset, int count, float[] hidden, int index, float replacement);

  /** Any number of {@code result[i] = sums[i] * factor}. */
  void scale(
      MemorySegment sums,
      long offset,
      MemorySegment result,
      long resultOffset,
      int count,
      float factor);

  /** Any number of {@code result[i] = fma(result[i], decay, sums[i]) * factor}. */
  void add(
      MemorySegment sums,
      long offset,
      MemorySegment result,
      long resultOffset,
      int count,
      float decay,
      float factor);
}
