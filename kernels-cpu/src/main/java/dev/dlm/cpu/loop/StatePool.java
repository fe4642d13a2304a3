package dev.dlm.cpu.loop;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** States of one bound loop, lent to the threads that work on it. Thread-safe. */
final class StatePool {
  private final AtomicReferenceArray<@Nullable LoopState> free;
  private final Supplier<LoopState> maker;

  /**
   * Makes {@code count} states; more only when more threads ask at once.
   *
   * @param kept how many are kept for later
   */
  StatePool(int count, int kept, Supplier<LoopState> maker) {
    this.free = new AtomicReferenceArray<>(kept);
    this.maker = maker;
    for (int i = 0; i < count; i++) {
      free.setPlain(i, maker.get());
    }
  }

  LoopState borrow() {
    for (int i = 0; i < free.length(); i++) {
      if (free.getPlain(i) != null) {
        LoopState state = free.getAndSet(i, null);
        if (state != null) {
          return state;
        }
      }
    }
    return maker.get();
  }

  void giveBack(LoopState state) {
    for (int i = 0; i < free.length(); i++) {
      if (free.getPlain(i) == null && free.compareAndSet(i, null, state)) {
        return;
      }
    }
  }
}
