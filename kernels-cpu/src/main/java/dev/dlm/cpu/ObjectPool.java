package dev.dlm.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Objects that are lent for the time of a task and kept for later ones, which find their memory in
 * the cache: a thread gets the object that it gave back last where it can. There are as many as
 * were ever out at once; what comes back beyond those that are kept is left to the garbage
 * collector. Thread-safe, without locks; allocates nothing but the objects.
 */
public final class ObjectPool<T> {
  /** References from one place to the next, so that threads do not write to the same cache line. */
  private static final int PITCH = 16;

  private final AtomicReferenceArray<@Nullable T> free;
  private final int places;
  private final Supplier<T> maker;

  /**
   * A pool that is empty.
   *
   * @param kept how many objects are kept for later; threads get their own back the more often, the
   *     more there may be
   */
  public ObjectPool(int kept, Supplier<T> maker) {
    this.places = kept;
    this.free = new AtomicReferenceArray<>(PITCH * places);
    this.maker = maker;
  }

  /** A free object, or a new one. */
  public T borrow() {
    int first = placeOfThread();
    for (int i = 0; i < places; i++) {
      int place = place(first, i);
      if (free.getPlain(place) != null) {
        T object = free.getAndSet(place, null);
        if (object != null) {
          return object;
        }
      }
    }
    return maker.get();
  }

  /** Takes an object back, or a new one for later. */
  public void giveBack(T object) {
    int first = placeOfThread();
    for (int i = 0; i < places; i++) {
      int place = place(first, i);
      if (free.getPlain(place) == null && free.compareAndSet(place, null, object)) {
        return;
      }
    }
  }

  private int placeOfThread() {
    return (int) (Thread.currentThread().threadId() % places);
  }

  private int place(int first, int step) {
    int place = first + step;
    return PITCH * (place < places ? place : place - places);
  }
}
