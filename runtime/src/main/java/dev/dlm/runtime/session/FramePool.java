package dev.dlm.runtime.session;

import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a session: lent to calls, kept for the next call with the same sizes, closed when
 * their binding has gone unused for longest and there are too many, or when memory is short.
 * Thread-safe.
 *
 * <p>A call that finds the frame of its last run at rest takes it, and gives it back, without a
 * lock. Frames are found, made and closed under the pool's monitor.
 *
 * <p>A frame keeps the values of the stream that used it last. Its lock is taken before the pool's
 * monitor by the stream's own calls, and only tried by those who hold the monitor and want the
 * frame for somebody else.
 */
final class FramePool {
  private record Key(String program, Sizes sizes) {}

  private final int maxBindings;
  private final long maxBytes;
  private final Map<Key, Binding> bindings = new LinkedHashMap<>();
  private long usedBytes;

  /** Frames that are open or being made. */
  private int countFrames;

  /** Grows by two; a use without the monitor counts as between two ticks. */
  private volatile long clock;

  /** Those who wait for a frame to come back. */
  private volatile int waiting;

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
    List<PooledFrame> evicted = new ArrayList<>();
    Binding binding;
    synchronized (this) {
      requireOpen();
      Key key = new Key(prepared.program().name(), sizes);
      binding = bindings.get(key);
      if (binding == null) {
        binding = new Binding(prepared, sizes);
        while (bindings.size() >= maxBindings && dropOne(evicted)) {}
        bindings.put(key, binding);
        binding.kept = true;
      }
      clock += 2;
      binding.lastUse = clock;
    }
    closeAll(evicted);
    return binding;
  }

  /**
   * Lends a frame. Waits for other calls to end where memory is short.
   *
   * @param last the frame of the binding that the call used last, if any
   * @param stream whose values the frame shall hold, its lock held by the caller
   * @param zeros what a call outside of any stream begins with
   * @throws IllegalStateException if the pool is closed
   */
  PooledFrame borrow(
      Binding binding,
      @Nullable PooledFrame last,
      @Nullable StreamState stream,
      Map<String, MemorySegment> zeros) {
    if (last != null && lendAgain(binding, last, stream)) {
      return last;
    }
    List<PooledFrame> evicted = new ArrayList<>();
    PooledFrame found = takeOrReserve(binding, stream, evicted);
    closeAll(evicted);
    PooledFrame frame = found != null ? found : make(binding);
    if (frame.hasStreamVariables()) {
      moveIn(frame, stream, zeros);
    }
    return frame;
  }

  /** Takes a frame that needs no values moved in, if it is at rest. */
  private boolean lendAgain(Binding binding, PooledFrame frame, @Nullable StreamState stream) {
    boolean isReady = !frame.hasStreamVariables() || (stream != null && stream.residence == frame);
    if (!isReady || !frame.tryLend()) {
      return false;
    }
    long now = clock + 1;
    if (binding.lastUse != now) {
      binding.lastUse = now;
    }
    return true;
  }

  private PooledFrame make(Binding binding) {
    boolean bound = false;
    try {
      PooledFrame frame = binding.prepared().bind(binding.sizes());
      bound = true;
      synchronized (this) {
        usedBytes += frame.sizeBytes() - binding.frameBytes();
        binding.frames.add(frame);
      }
      return frame;
    } finally {
      if (!bound) {
        synchronized (this) {
          usedBytes -= binding.frameBytes();
          countFrames--;
          notifyAll();
        }
      }
    }
  }

  /** Puts a stream's values into a frame that was lent; those of another stream are saved first. */
  private static void moveIn(
      PooledFrame frame, @Nullable StreamState stream, Map<String, MemorySegment> zeros) {
    StreamState other = frame.holder;
    if (other != null && other != stream) {
      try {
        other.settle();
      } finally {
        other.lock.unlock();
      }
    }
    if (stream == null) {
      frame.load(zeros);
    } else if (stream.residence != frame) {
      stream.settle();
      frame.load(stream.saved());
      frame.holder = stream;
      stream.residence = frame;
    }
  }

  private synchronized @Nullable PooledFrame takeOrReserve(
      Binding binding, @Nullable StreamState stream, List<PooledFrame> evicted) {
    boolean interrupted = false;
    boolean waits = false;
    try {
      while (true) {
        requireOpen();
        clock += 2;
        binding.lastUse = clock;
        PooledFrame idle = takeIdle(binding, stream);
        if (idle != null) {
          return idle;
        }
        if (makeRoom(binding.frameBytes(), evicted) || countFrames == 0) {
          usedBytes += binding.frameBytes();
          countFrames++;
          return null;
        }
        if (!waits) {
          // From here on frames that come back give a sign; one may have come just before.
          waits = true;
          waiting++;
          continue;
        }
        try {
          // An idle frame that could not be claimed now can be a moment later, without a sign.
          wait(anyIdle() ? 1 : 0);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (waits) {
        waiting--;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The stream's own frame; otherwise one that no stream claims, or one whose stream no call is
   * using, longest unused first and with that stream's lock held.
   */
  private static @Nullable PooledFrame takeIdle(Binding binding, @Nullable StreamState stream) {
    PooledFrame own = stream == null ? null : stream.residence;
    if (own != null && binding.frames.contains(own) && own.tryLend()) {
      return own;
    }
    for (PooledFrame frame : binding.frames) {
      if (claim(frame)) {
        return frame;
      }
    }
    return null;
  }

  /**
   * Takes an idle frame and makes sure that nobody moves values out of it; leaves its holder
   * locked.
   */
  private static boolean claim(PooledFrame frame) {
    if (!frame.tryLend()) {
      return false;
    }
    StreamState holder = frame.holder;
    if (holder == null) {
      return true;
    }
    if (!holder.lock.tryLock()) {
      frame.rest();
      return false;
    }
    if (frame.holder != holder) {
      // It moved out in between.
      holder.lock.unlock();
    }
    return true;
  }

  /** Takes a frame back; the caller still holds the lock of its stream. */
  void giveBack(Binding binding, PooledFrame frame) {
    // The frame rests before the look, as others announce themselves before they look for frames at
    // rest: at least one of the two sees the other.
    frame.rest();
    if (binding.kept && waiting == 0) {
      return;
    }
    synchronized (this) {
      notifyAll();
      if (binding.kept || !frame.tryLend()) {
        return;
      }
      remove(binding, frame);
    }
    StreamState holder = frame.holder;
    if (holder != null) {
      holder.lock.lock();
      try {
        if (frame.holder == holder) {
          holder.settle();
        }
      } finally {
        holder.lock.unlock();
      }
    }
    frame.close();
  }

  /** Sets bytes aside for something else than frames, if they are to be had. */
  boolean reserve(long bytes) {
    List<PooledFrame> evicted = new ArrayList<>();
    boolean reserved;
    synchronized (this) {
      requireOpen();
      reserved = makeRoom(bytes, evicted);
      if (reserved) {
        usedBytes += bytes;
      }
    }
    closeAll(evicted);
    return reserved;
  }

  /** Gives bytes back that were set aside. */
  synchronized void release(long bytes) {
    usedBytes -= bytes;
    notifyAll();
  }

  /** Waits for all calls to end and closes all frames. */
  void close() {
    List<PooledFrame> evicted = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting++;
      notifyAll();
      boolean interrupted = false;
      for (Binding binding : bindings.values()) {
        binding.kept = false;
      }
      takeAllIdle(evicted);
      while (countFrames > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          // Frames may go only after the calls that use them.
          interrupted = true;
        }
        takeAllIdle(evicted);
      }
      bindings.clear();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    closeAll(evicted);
  }

  private void takeAllIdle(List<PooledFrame> evicted) {
    for (Binding binding : bindings.values()) {
      for (PooledFrame frame : List.copyOf(binding.frames)) {
        if (frame.tryLend()) {
          remove(binding, frame);
          evicted.add(frame);
        }
      }
    }
  }

  private static void closeAll(List<PooledFrame> frames) {
    for (PooledFrame frame : frames) {
      frame.close();
    }
  }

  /** Forgets a frame that is about to be closed. */
  private void remove(Binding binding, PooledFrame frame) {
    binding.frames.remove(frame);
    usedBytes -= frame.sizeBytes();
    countFrames--;
  }

  /** The number of bindings kept ready. */
  synchronized int countBindings() {
    return bindings.size();
  }

  /** Bytes of all frames, lent or at rest. */
  synchronized long usedBytes() {
    return usedBytes;
  }

  private boolean makeRoom(long bytes, List<PooledFrame> evicted) {
    while (usedBytes > maxBytes - bytes) {
      if (!evictOne(evicted)) {
        return false;
      }
    }
    return true;
  }

  /** Evicts an idle frame of the binding that has gone unused for longest. */
  private boolean evictOne(List<PooledFrame> evicted) {
    for (Binding binding : byLastUse()) {
      for (PooledFrame frame : binding.frames) {
        if (claim(frame)) {
          evict(binding, frame, evicted);
          return true;
        }
      }
    }
    return false;
  }

  /** Drops the binding that has gone unused for longest and whose idle frames can all go. */
  private boolean dropOne(List<PooledFrame> evicted) {
    for (Binding binding : byLastUse()) {
      // A frame that comes back from here on is closed by who gives it back.
      binding.kept = false;
      List<PooledFrame> claimed = new ArrayList<>();
      boolean allClaimed = true;
      for (PooledFrame frame : binding.frames) {
        if (claim(frame)) {
          claimed.add(frame);
        } else {
          allClaimed &= frame.isLent();
        }
      }
      if (allClaimed) {
        bindings.remove(new Key(binding.prepared().program().name(), binding.sizes()));
        claimed.forEach(frame -> evict(binding, frame, evicted));
        return true;
      }
      claimed.forEach(FramePool::unclaim);
      binding.kept = true;
    }
    return false;
  }

  private boolean anyIdle() {
    return bindings.values().stream()
        .anyMatch(binding -> binding.frames.stream().anyMatch(frame -> !frame.isLent()));
  }

  private void evict(Binding binding, PooledFrame frame, List<PooledFrame> evicted) {
    StreamState holder = frame.holder;
    if (holder != null) {
      try {
        holder.settle();
      } finally {
        holder.lock.unlock();
      }
    }
    remove(binding, frame);
    evicted.add(frame);
  }

  private static void unclaim(PooledFrame frame) {
    StreamState holder = frame.holder;
    frame.rest();
    if (holder != null) {
      holder.lock.unlock();
    }
  }

  private List<Binding> byLastUse() {
    return bindings.values().stream()
        .sorted(Comparator.comparingLong(binding -> binding.lastUse))
        .toList();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
  }
}
