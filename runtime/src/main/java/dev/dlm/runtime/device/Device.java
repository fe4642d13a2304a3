package dev.dlm.runtime.device;

import dev.dlm.plan.Program;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Runs programs. Thread-safe; closing it frees its memory and threads, after which its objects must
 * not be used.
 */
public interface Device extends AutoCloseable {
  /** The name of its provider, for example {@code cpu}. */
  String name();

  /** One line for people: what it is and how it runs, for example vector width and threads. */
  String description();

  /**
   * New memory of zeros, aligned to {@link Program#ALIGNMENT}.
   *
   * @throws dev.dlm.diagnostic.GraphException with code {@code out-of-memory} if there is not
   *     enough
   */
  DeviceMemory allocate(long sizeBytes);

  /**
   * Memory with the content of a host segment that is not written to any more: the segment itself
   * where the device can read it in place, a copy otherwise.
   *
   * @param content aligned to {@link Program#ALIGNMENT}
   */
  DeviceMemory adopt(MemorySegment content);

  /**
   * Turns a program into this device's code. Kernels of equal structure are made once for all
   * programs.
   */
  Executable prepare(Program program);

  /**
   * Measures what the device can do at most. Takes up to a few seconds at first, in which nothing
   * else should run on it.
   *
   * @return empty if this kind of device cannot tell
   */
  Optional<DeviceLimits> measureLimits();

  @Override
  void close();
}
