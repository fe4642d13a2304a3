package dev.dlm.runtime.session;

import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Frame;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame, and memory of its own for the stream's variables that its program uses. It is at rest,
 * lent to one call, or closed for good; who wants it claims it without a lock.
 */
final class PooledFrame {
  private static final int AT_REST = 0;
  private static final int LENT = 1;
  private static final int CLOSED = 2;

  private final Frame frame;
  private final Map<String, DeviceMemory> memory;
  private final VariableLock.Reader reader;
  private final PaddedInt state = new PaddedInt();

  /**
   * The stream whose newest values stand here. Changed by the thread to which the frame is lent, or
   * by one that holds that stream's lock.
   */
  volatile @Nullable StreamState holder;

  /** A frame that is lent. */
  PooledFrame(Frame frame, Map<String, DeviceMemory> memory, VariableLock.Reader reader) {
    this.frame = frame;
    this.memory = memory;
    this.reader = reader;
    state.set(LENT);
  }

  /** Claims the frame if it is at rest. */
  boolean tryLend() {
    return state.compareAndSet(AT_REST, LENT);
  }

  /** Lays a lent frame to rest. */
  void rest() {
    state.set(AT_REST);
  }

  boolean isLent() {
    return state.get() == LENT;
  }

  Frame frame() {
    return frame;
  }

  /** The mark of the call that the frame is lent to. */
  VariableLock.Reader reader() {
    return reader;
  }

  boolean hasStreamVariables() {
    return !memory.isEmpty();
  }

  /** Copies the stream's variables out, those that the program uses. */
  void save(Map<String, MemorySegment> target) {
    target.forEach((name, segment) -> {
      DeviceMemory own = memory.get(name);
      if (own != null) {
        own.read(0, segment);
      }
    });
  }

  /** Copies the stream's variables in, those that the program uses. */
  void load(Map<String, MemorySegment> source) {
    source.forEach((name, segment) -> {
      DeviceMemory own = memory.get(name);
      if (own != null) {
        own.write(0, segment);
      }
    });
  }

  long sizeBytes() {
    long bytes = frame.sizeBytes();
    for (DeviceMemory own : memory.values()) {
      bytes += own.sizeBytes();
    }
    return bytes;
  }

  /** Frees the memory of a frame that is lent to the caller. */
  void close() {
    state.set(CLOSED);
    reader.remove();
    frame.close();
    memory.values().forEach(DeviceMemory::close);
  }
}
