package dev.dlm.cpu.contraction;

/**
 * How the depth of a contraction is cut into blocks: a sum within a block begins anew, and is then
 * added to the sum of the blocks before. This follows from the depth alone and is part of the
 * meaning of every contraction.
 *
 * <p>There are as few blocks as the longest may be, and they are about as long as each other, as
 * adding sums takes as long for a short block as for a long one.
 */
public final class DepthBlocks {

  /**
   * The most products of a block: a dozen strips of rows this deep leave room for panels in the
   * second cache.
   */
  public static final int MAX_LENGTH = 768;

  /** Lengths are multiples of this, but for the last block's. */
  private static final int STEP = 16;

  private DepthBlocks() {}

  /** The products of each block but the last, which may have fewer; at least 1. */
  public static int length(int depth) {
    if (depth <= MAX_LENGTH) {
      return Math.max(1, depth);
    }
    int blocks = Math.ceilDiv(depth, MAX_LENGTH);
    return Math.ceilDiv(Math.ceilDiv(depth, blocks), STEP) * STEP;
  }

  /** How many blocks there are: none for a depth of 0. */
  static int count(int depth) {
    return Math.ceilDiv(depth, length(depth));
  }
}
