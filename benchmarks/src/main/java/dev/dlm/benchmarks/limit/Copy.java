package dev.dlm.benchmarks.limit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies memory. */
final class Copy implements Probe {
  private static final int ALIGNMENT = 64;

  private final MemorySegment from;
  private final MemorySegment to;

  Copy(Arena arena, long bytes) {
    from = arena.allocate(bytes, ALIGNMENT).fill((byte) 1);
    to = arena.allocate(bytes, ALIGNMENT).fill((byte) 2);
  }

  @Override
  public double run() {
    to.copyFrom(from);
    return 2.0 * from.byteSize();
  }
}
