package dev.dlm.runtime.session;

import dev.dlm.ir.Variable;
import dev.dlm.plan.Program;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The values of a stream's variables. They stand in {@link #saved}, or, newer, in the frame that
 * computed them last, where the next call of the stream finds them without a copy.
 */
final class StreamState {
  /** Held during a call of the stream and while its values are moved. */
  final ReentrantLock lock = new ReentrantLock();

  private final Arena arena;
  private final Map<String, MemorySegment> saved = new LinkedHashMap<>();
  private final long sizeBytes;

  /** The frame that holds the newest values; guarded by the lock. */
  @Nullable PooledFrame residence;

  /** Guarded by the lock. */
  boolean closed;

  /** Zeros. */
  StreamState(List<Variable> variables) {
    this.arena = Arena.ofShared();
    long bytes = 0;
    for (Variable variable : variables) {
      long own = variable.type().sizeBytes().asLong();
      saved.put(
          variable.name(), arena.allocate(Math.max(1, own), Program.ALIGNMENT).asSlice(0, own));
      bytes += own;
    }
    this.sizeBytes = bytes;
  }

  Map<String, MemorySegment> saved() {
    return saved;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Brings the newest values to {@link #saved}; the caller holds the lock. */
  void settle() {
    PooledFrame frame = residence;
    if (frame != null) {
      frame.save(saved);
      frame.holder = null;
      residence = null;
    }
  }

  /** Gives the values up; the caller holds the lock. */
  void free() {
    PooledFrame frame = residence;
    if (frame != null) {
      frame.holder = null;
      residence = null;
    }
    closed = true;
    arena.close();
  }
}
