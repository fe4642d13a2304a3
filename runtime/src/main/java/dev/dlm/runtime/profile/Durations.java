package dev.dlm.runtime.profile;

import org.jspecify.annotations.Nullable;

/**
 * How long something took, again and again: counts in classes of which each is less than a
 * hundredth wide, so that any number of durations takes little memory and, in the steady state,
 * none that is new. Used by one thread at a time.
 */
public final class Durations {
  private static final int PRECISION_BITS = 7;
  private static final int CLASSES = 1 << PRECISION_BITS;

  /** By power of two, then by the bits that follow the first. */
  private final long[] @Nullable [] counts = new long[Long.SIZE][];

  private long count;
  private long totalNanos;
  private long minNanos = Long.MAX_VALUE;
  private long maxNanos;

  /** Counts a duration; one that is negative counts as zero. */
  public void add(long nanos) {
    long duration = Math.max(0, nanos);
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(duration | 1);
    long[] classes = counts[power];
    if (classes == null) {
      classes = new long[CLASSES];
      counts[power] = classes;
    }
    classes[indexOf(duration, power)]++;
    count++;
    totalNanos += duration;
    minNanos = Math.min(minNanos, duration);
    maxNanos = Math.max(maxNanos, duration);
  }

  /** Counts all that another one has counted. */
  public void addAll(Durations other) {
    for (int power = 0; power < counts.length; power++) {
      long[] more = other.counts[power];
      if (more != null) {
        long[] classes = counts[power];
        if (classes == null) {
          counts[power] = more.clone();
        } else {
          for (int i = 0; i < CLASSES; i++) {
            classes[i] += more[i];
          }
        }
      }
    }
    count += other.count;
    totalNanos += other.totalNanos;
    minNanos = Math.min(minNanos, other.minNanos);
    maxNanos = Math.max(maxNanos, other.maxNanos);
  }

  private static int indexOf(long duration, int power) {
    int shift = power - PRECISION_BITS;
    long bits = shift >= 0 ? duration >> shift : duration << -shift;
    return (int) (bits & (CLASSES - 1));
  }

  public long count() {
    return count;
  }

  public long totalNanos() {
    return totalNanos;
  }

  /** The shortest; 0 if there is none. */
  public long minNanos() {
    return count == 0 ? 0 : minNanos;
  }

  /** The longest; 0 if there is none. */
  public long maxNanos() {
    return maxNanos;
  }

  /**
   * The least duration of a class that so much of all durations do not exceed, but no shorter than
   * the shortest; 0 if there is none.
   *
   * @param share from 0 to 1; a half gives the median
   */
  public long quantileNanos(double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * count));
    long seen = 0;
    for (int power = 0; power < counts.length; power++) {
      long[] classes = counts[power];
      for (int i = 0; classes != null && i < CLASSES; i++) {
        seen += classes[i];
        if (seen >= wanted) {
          int shift = power - PRECISION_BITS;
          long bits = CLASSES | i;
          return Math.clamp(shift >= 0 ? bits << shift : bits >> -shift, minNanos(), maxNanos);
        }
      }
    }
    return 0;
  }
}
