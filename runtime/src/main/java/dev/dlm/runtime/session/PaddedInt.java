package dev.dlm.runtime.session;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A number that shares no cache line with anything else, so that threads which change numbers of
 * their own do not slow each other down. All accesses are volatile.
 */
final class PaddedInt {
  /** Processors fetch lines of 64 bytes, some of them in pairs. */
  private static final int PADDING = 128 / Integer.BYTES;

  private final AtomicIntegerArray cells = new AtomicIntegerArray(2 * PADDING);

  int get() {
    return cells.get(PADDING);
  }

  void set(int value) {
    cells.set(PADDING, value);
  }

  boolean compareAndSet(int expected, int value) {
    return cells.compareAndSet(PADDING, expected, value);
  }
}
