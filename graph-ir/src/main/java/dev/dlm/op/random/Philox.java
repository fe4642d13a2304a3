package dev.dlm.op.random;

/**
 * The counter-based generator Philox 4×32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers:
 * as easy as 1, 2, 3", SC 2011.
 */
public final class Philox {
  /** The words that one counter gives. */
  public static final int WORDS = 4;

  /**
   * What an element takes: each round two products, their upper halves, four exclusive ors and two
   * sums for four words.
   */
  static final long OPERATIONS_PER_ELEMENT = 25;

  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final long LOW = 0xffffffffL;

  private Philox() {}

  /**
   * Word {@code word} of the four that the generator gives for a counter of four words and a key of
   * two.
   */
  public static int word(
      int word, int counter0, int counter1, int counter2, int counter3, int key0, int key1) {
    int[] words = new int[WORDS];
    words(counter0, counter1, counter2, counter3, key0, key1, words);
    return words[word];
  }

  private static void words(
      int counter0, int counter1, int counter2, int counter3, int key0, int key1, int[] words) {
    int c0 = counter0;
    int c1 = counter1;
    int c2 = counter2;
    int c3 = counter3;
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & LOW);
      long product1 = MULTIPLIER_1 * (c2 & LOW);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }

  /**
   * Element {@code index} of the stream that {@code key} and {@code counter} name: word {@code
   * index mod 4} for the counter words {@code (index / 4, index / 4 >> 32, counter, counter >>
   * 32)}.
   */
  public static int element(long key, long counter, long index) {
    int[] words = new int[WORDS];
    block(key, counter, index >>> 2, words);
    return words[(int) (index & 3)];
  }

  /**
   * The four elements of the stream from index {@code 4 * block}.
   *
   * @param words where they go
   */
  public static void block(long key, long counter, long block, int[] words) {
    words(
        (int) block,
        (int) (block >>> 32),
        (int) counter,
        (int) (counter >>> 32),
        (int) key,
        (int) (key >>> 32),
        words);
  }
}
