package dev.dlm.runtime.device;

/**
 * What a device can do at most, with all the threads it was opened with.
 *
 * @param operationsPerSecond single-precision operations, a fused multiply-add counting two
 * @param bytesPerSecond bytes that copying within main memory reads and writes; what lies in caches
 *     may be faster
 */
public record DeviceLimits(double operationsPerSecond, double bytesPerSecond) {
  /** The least time in nanoseconds for so many operations and bytes. */
  public double leastNanos(double operations, double bytes) {
    return Math.max(operations / operationsPerSecond, bytes / bytesPerSecond) * 1e9;
  }
}
