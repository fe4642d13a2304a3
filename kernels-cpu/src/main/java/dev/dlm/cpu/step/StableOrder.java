package dev.dlm.cpu.step;

import java.util.Arrays;

/**
 * Finds the stable order of keys by their unsigned value: by insertion where they are few, byte by
 * byte from the lowest one otherwise. Allocates nothing after it was made. Used by one thread.
 */
final class StableOrder {
  private static final int FEW = 48;
  private static final int BUCKETS = 256;

  private final int length;
  private final int keyBytes;
  private final int[] starts = new int[BUCKETS];
  private long[] keys;
  private long[] otherKeys;
  private int[] indices;
  private int[] otherIndices;

  /**
   * Makes room.
   *
   * @param keyBytes how many of the lowest bytes of a key can be other than 0
   */
  StableOrder(int length, int keyBytes) {
    this.length = length;
    this.keyBytes = keyBytes;
    keys = new long[length];
    otherKeys = new long[length];
    indices = new int[length];
    otherIndices = new int[length];
  }

  /** The bytes that an order holds. */
  long sizeBytes() {
    return 24L * length + 4 * BUCKETS;
  }

  /** Sets a key; all are set before each {@link #sort}. */
  void setKey(int index, long key) {
    keys[index] = key;
    indices[index] = index;
  }

  /** The index of the key that is {@code place}-th in order. */
  int indexAt(int place) {
    return indices[place];
  }

  void sort() {
    if (length <= FEW) {
      insert();
      return;
    }
    for (int shift = 0; shift < 8 * keyBytes; shift += 8) {
      distribute(shift);
    }
  }

  private void insert() {
    for (int i = 1; i < length; i++) {
      long key = keys[i];
      int index = indices[i];
      int place = i;
      while (place > 0 && Long.compareUnsigned(keys[place - 1], key) > 0) {
        keys[place] = keys[place - 1];
        indices[place] = indices[place - 1];
        place--;
      }
      keys[place] = key;
      indices[place] = index;
    }
  }

  private void distribute(int shift) {
    Arrays.fill(starts, 0);
    for (int i = 0; i < length; i++) {
      starts[(int) (keys[i] >>> shift) & 0xFF]++;
    }
    if (starts[(int) (keys[0] >>> shift) & 0xFF] == length) {
      return;
    }
    int start = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int count = starts[bucket];
      starts[bucket] = start;
      start += count;
    }
    for (int i = 0; i < length; i++) {
      int place = starts[(int) (keys[i] >>> shift) & 0xFF]++;
      otherKeys[place] = keys[i];
      otherIndices[place] = indices[i];
    }
    long[] sortedKeys = otherKeys;
    otherKeys = keys;
    keys = sortedKeys;
    int[] sortedIndices = otherIndices;
    otherIndices = indices;
    indices = sortedIndices;
  }
}
