package dev.dlm.runtime.profile;

import dev.dlm.runtime.device.DeviceLimits;

/**
 * What was measured of a step. Times of a step include those of the steps inside of it.
 *
 * @param calls how often it ran
 * @param operations of one call; of a step that runs others, the mean of what those took
 * @param bytes of one call, likewise
 */
public record StepProfile(
    CostedStep step,
    long calls,
    long totalNanos,
    long minNanos,
    long medianNanos,
    long p99Nanos,
    double operations,
    double bytes) {

  /** Operations by second in the median call; 0 if there was none. */
  public double operationsPerSecond() {
    return perSecond(operations);
  }

  /** Bytes by second in the median call; 0 if there was none. */
  public double bytesPerSecond() {
    return perSecond(bytes);
  }

  private double perSecond(double amount) {
    return medianNanos == 0 ? 0 : amount / medianNanos * 1e9;
  }

  /**
   * The least time that operations and bytes take by the limits, as a part of the median time.
   * Above 1 for steps whose operands lie in caches; 0 if the step never ran.
   */
  public double shareOf(DeviceLimits limits) {
    return medianNanos == 0 ? 0 : limits.leastNanos(operations, bytes) / medianNanos;
  }
}
