package dev.dlm.cpu.contraction;

/**
 * What to do with a block of a result as soon as it is complete and still in the cache.
 *
 * <p>The blocks of one call cover every element of the result exactly once. How they are cut may
 * depend on the number of threads, so that no element's value may depend on it. Several blocks may
 * be handed over at the same time, by different threads.
 */
@FunctionalInterface
public interface TileEpilogue {

  /**
   * Works on one finished block.
   *
   * @param batch which matrix of the batch; for images, which image
   * @param rowStart the first row of the block; for images, the first channel
   * @param rowEnd the row behind the last
   * @param columnStart the first column of the block; for images, the first pixel in row-major
   *     order
   * @param columnEnd the column behind the last
   */
  void apply(long batch, int rowStart, int rowEnd, int columnStart, int columnEnd);
}
