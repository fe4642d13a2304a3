package dev.dlm.training.data;

import java.lang.foreign.MemorySegment;

/** Reads the examples of one column as one type. Thread-safe; reading allocates nothing. */
public interface ColumnReader {

  /** Bytes that one example takes in the destination. */
  long exampleBytes();

  /**
   * Writes examples one behind the other.
   *
   * @param epoch from zero; data that vary from epoch to epoch, as shifted images do, follow from
   *     it, from the example, and from nothing else
   * @param examples indices of examples
   * @param from the first index to use
   * @param count how many indices to use
   * @param destination at least {@code count * exampleBytes()} bytes, little-endian afterwards
   * @throws IndexOutOfBoundsException if an index or the destination is out of range
   */
  void gather(long epoch, long[] examples, int from, int count, MemorySegment destination);

  /** Writes examples of the first epoch. */
  default void gather(long[] examples, int from, int count, MemorySegment destination) {
    gather(0, examples, from, count, destination);
  }
}
