package dev.dlm.runtime.device;

/**
 * How to open a device.
 *
 * @param threads threads that compute, the caller's among them; at least 1; devices that are no
 *     processor may ignore it
 */
public record DeviceOptions(int threads) {
  public DeviceOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + ", expected at least 1");
    }
  }

  /** As many threads as the process may use processors. */
  public static DeviceOptions defaults() {
    return new DeviceOptions(Runtime.getRuntime().availableProcessors());
  }
}
