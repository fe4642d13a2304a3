package dev.dlm.training.data;

import java.util.Objects;

/**
 * A pseudo-random permutation of {@code [0, size)} that is computed and not stored: position i can
 * be asked for at any time, so a resumed run goes on in mid-epoch as if it had never stopped.
 * Immutable.
 *
 * <p>A balanced Feistel network over the next even number of bits, keyed by seed and epoch, whose
 * results outside the range are put through it again (cycle walking). Source: J. Black, P. Rogaway,
 * "Ciphers with arbitrary finite domains", CT-RSA 2002.
 */
public final class Shuffle {
  private static final int ROUNDS = 8;

  private final long size;
  private final int halfBits;
  private final long halfMask;
  private final long[] keys = new long[ROUNDS];

  /**
   * @param size at least one, at most 2^62
   */
  public Shuffle(long seed, long epoch, long size) {
    if (size < 1 || size > 1L << 62) {
      throw new IllegalArgumentException("size %d, expected 1 to 2^62".formatted(size));
    }
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.halfMask = (1L << halfBits) - 1;
    long key = SplitMix64.combine(seed, epoch);
    for (int round = 0; round < ROUNDS; round++) {
      keys[round] = SplitMix64.combine(key, round);
    }
  }

  /** The number of positions. */
  public long size() {
    return size;
  }

  /**
   * The index at a position.
   *
   * @throws IndexOutOfBoundsException if the position is not in {@code [0, size)}
   */
  public long at(long position) {
    long value = Objects.checkIndex(position, size);
    do {
      value = encipher(value);
    } while (value >= size);
    return value;
  }

  private long encipher(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (long key : keys) {
      long next = left ^ (SplitMix64.mix(right ^ key) & halfMask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
