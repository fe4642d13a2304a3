package dev.dlm.cpu.contraction;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A product that is computed by scalars once, and by vectors from then on.
 *
 * <p>Until the JIT has compiled code on the Vector API, each of its operations takes about a
 * microsecond, and the first of a kind links classes. What a program computes first, it has by
 * scalars sooner: the JIT compiles their loops within the first call. Vectors must follow at once,
 * or the JIT would compile them later.
 */
final class FirstRun implements Runnable {
  /** Larger products, in multiplications, would take some ten milliseconds by scalars. */
  private static final long MAX_WORK = 1L << 22;

  /** How many more products of this process begin so. */
  private static final AtomicInteger LEFT = new AtomicInteger(32);

  private final Runnable product;
  private @Nullable Runnable first;

  /**
   * Combines two products that compute the same.
   *
   * @param first the one that runs once
   */
  FirstRun(Runnable first, Runnable product) {
    this.first = first;
    this.product = product;
  }

  /**
   * Whether a product is among the first of this process and small enough.
   *
   * @param work its multiplications
   */
  static boolean admits(long work) {
    return work <= MAX_WORK && LEFT.get() > 0 && LEFT.getAndDecrement() > 0;
  }

  @Override
  public void run() {
    Runnable first = this.first;
    if (first == null) {
      product.run();
    } else {
      this.first = null;
      first.run();
    }
  }
}
