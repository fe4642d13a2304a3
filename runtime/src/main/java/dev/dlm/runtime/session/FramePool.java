package dev.dlm.runtime.session;

import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a session: lent to calls, kept for the next call with the same sizes, closed when
 * their binding has gone unused for longest and there are too many, or when memory is short.
 * Thread-safe.
 */
final class FramePool {
  private record Key(String program, Sizes sizes) {}

  private final int maxBindings;
  private final long maxBytes;
  private final Map<Key, Binding> bindings = new LinkedHashMap<>();
  private long usedBytes;
  private long clock;
  private int lent;
  private boolean closed;

  /**
   * @param maxBytes most bytes of all frames together
   */
  FramePool(int maxBindings, long maxBytes) {
    this.maxBindings = maxBindings;
    this.maxBytes = maxBytes;
  }

  /**
   * The binding of a program to sizes, made at its first use. It is the same for all calls until it
   * is dropped; frames of a dropped binding are closed when they come back.
   *
   * @throws ArithmeticException if a size of the program exceeds 63 bits
   * @throws IllegalStateException if the pool is closed
   */
  Binding binding(PreparedProgram prepared, Sizes sizes) {
    List<Frame> evicted = new ArrayList<>();
    Binding binding;
    synchronized (this) {
      requireOpen();
      Key key = new Key(prepared.program().name(), sizes);
      binding = bindings.get(key);
      if (binding == null) {
        binding = new Binding(prepared, sizes);
        while (bindings.size() >= maxBindings) {
          drop(leastRecent(bindings.values()), evicted);
        }
        bindings.put(key, binding);
        binding.kept = true;
      }
      binding.lastUse = ++clock;
    }
    evicted.forEach(Frame::close);
    return binding;
  }

  /**
   * Lends a frame. Waits for other calls to end where memory is short.
   *
   * @throws IllegalStateException if the pool is closed
   */
  Frame borrow(Binding binding) {
    List<Frame> evicted = new ArrayList<>();
    Frame idle = takeOrReserve(binding, evicted);
    evicted.forEach(Frame::close);
    if (idle != null) {
      return idle;
    }
    boolean bound = false;
    try {
      Frame frame = binding.prepared().bind(binding.sizes());
      bound = true;
      synchronized (this) {
        usedBytes += frame.sizeBytes() - binding.arenaBytes();
      }
      return frame;
    } finally {
      if (!bound) {
        synchronized (this) {
          usedBytes -= binding.arenaBytes();
          lent--;
          notifyAll();
        }
      }
    }
  }

  private synchronized @Nullable Frame takeOrReserve(Binding binding, List<Frame> evicted) {
    boolean interrupted = false;
    try {
      while (true) {
        requireOpen();
        binding.lastUse = ++clock;
        Frame idle = binding.idle.pollLast();
        if (idle != null || makeRoom(binding.arenaBytes(), evicted) || lent == 0) {
          if (idle == null) {
            usedBytes += binding.arenaBytes();
          }
          lent++;
          return idle;
        }
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Takes a frame back. */
  void giveBack(Binding binding, Frame frame) {
    synchronized (this) {
      lent--;
      notifyAll();
      if (binding.kept && !closed) {
        binding.idle.addLast(frame);
        return;
      }
      usedBytes -= frame.sizeBytes();
    }
    frame.close();
  }

  /** Waits for all calls to end and closes all frames. */
  void close() {
    List<Frame> evicted = new ArrayList<>();
    synchronized (this) {
      closed = true;
      notifyAll();
      boolean interrupted = false;
      while (lent > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          // Frames may go only after the calls that use them.
          interrupted = true;
        }
      }
      for (Binding binding : bindings.values()) {
        binding.kept = false;
        evicted.addAll(binding.idle);
        binding.idle.clear();
      }
      bindings.clear();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    evicted.forEach(Frame::close);
  }

  /** The number of bindings kept ready. */
  synchronized int countBindings() {
    return bindings.size();
  }

  /** Bytes of all frames, lent or at rest. */
  synchronized long usedBytes() {
    return usedBytes;
  }

  private boolean makeRoom(long bytes, List<Frame> evicted) {
    while (usedBytes > maxBytes - bytes) {
      List<Binding> withIdle =
          bindings.values().stream().filter(binding -> !binding.idle.isEmpty()).toList();
      if (withIdle.isEmpty()) {
        return false;
      }
      close(leastRecent(withIdle).idle.removeFirst(), evicted);
    }
    return true;
  }

  private void drop(Binding binding, List<Frame> evicted) {
    binding.kept = false;
    bindings.remove(new Key(binding.prepared().program().name(), binding.sizes()));
    while (!binding.idle.isEmpty()) {
      close(binding.idle.removeFirst(), evicted);
    }
  }

  private void close(Frame frame, List<Frame> evicted) {
    usedBytes -= frame.sizeBytes();
    evicted.add(frame);
  }

  private static Binding leastRecent(Iterable<Binding> bindings) {
    Binding oldest = null;
    for (Binding binding : bindings) {
      if (oldest == null || binding.lastUse < oldest.lastUse) {
        oldest = binding;
      }
    }
    if (oldest == null) {
      throw new IllegalStateException("no binding to drop");
    }
    return oldest;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
