package dev.dlm.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are lent for the time of a task and kept for later ones, which find their memory in
 * the cache. There are as many as were ever out at once; what comes back beyond those that are kept
 * is left to the garbage collector. Thread-safe, without locks; allocates nothing but the objects.
 */
public final class ObjectPool<T> {
  private final AtomicReferenceArray<@Nullable T> free;
  private final Supplier<T> maker;

  /**
   * A pool that is empty.
   *
   * @param kept how many objects are kept for later
   */
  public ObjectPool(int kept, Supplier<T> maker) {
    this.free = new AtomicReferenceArray<>(kept);
    this.maker = maker;
  }

  /** A free object, or a new one. */
  public T borrow() {
    for (int i = 0; i < free.length(); i++) {
      if (free.getPlain(i) != null) {
        T object = free.getAndSet(i, null);
        if (object != null) {
          return object;
        }
      }
    }
    return maker.get();
  }

  /** Takes an object back, or a new one for later. */
  public void giveBack(T object) {
    for (int i = 0; i < free.length(); i++) {
      if (free.getPlain(i) == null && free.compareAndSet(i, null, object)) {
        return;
      }
    }
  }
}
