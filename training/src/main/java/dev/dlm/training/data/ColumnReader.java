package dev.dlm.training.data;

import java.lang.foreign.MemorySegment;

/** Reads the examples of one column as one type. Thread-safe; reading allocates nothing. */
public interface ColumnReader {

  /** Bytes that one example takes in the destination. */
  long exampleBytes();

  /**
   * Writes examples one behind the other.
   *
   * @param examples indices of examples
   * @param from the first index to use
   * @param count how many indices to use
   * @param destination at least {@code count * exampleBytes()} bytes, little-endian afterwards
   * @throws IndexOutOfBoundsException if an index or the destination is out of range
   */
  void gather(long[] examples, int from, int count, MemorySegment destination);
}
