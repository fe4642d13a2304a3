package dev.dlm.runtime.device;

import java.lang.foreign.MemorySegment;

/**
 * Memory of a device. Freed with the device or by {@link #close}; not used by two threads at once
 * unless both only read.
 */
public interface DeviceMemory extends AutoCloseable {
  long sizeBytes();

  /** Copies all of a host segment to the given place, in bytes from the start. */
  void write(long offsetBytes, MemorySegment source);

  /** Fills all of a host segment from the given place, in bytes from the start. */
  void read(long offsetBytes, MemorySegment target);

  @Override
  void close();
}
