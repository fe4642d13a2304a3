package dev.dlm.runtime.session;

import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Frame;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A frame, and memory of its own for the stream's variables that its program uses. */
final class PooledFrame {
  private final Frame frame;
  private final Map<String, DeviceMemory> memory;

  /**
   * The stream whose newest values stand here. Changed by the thread to which the frame is lent, or
   * by one that holds that stream's lock.
   */
  volatile @Nullable StreamState holder;

  PooledFrame(Frame frame, Map<String, DeviceMemory> memory) {
    this.frame = frame;
    this.memory = memory;
  }

  Frame frame() {
    return frame;
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

  void close() {
    frame.close();
    memory.values().forEach(DeviceMemory::close);
  }
}
