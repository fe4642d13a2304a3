package dev.dlm.runtime.session;

import dev.dlm.runtime.device.DeviceOptions;

/**
 * How to open a session.
 *
 * @param device the name of a device provider
 * @param threads threads that compute, the caller's among them; at least 1
 * @param maxMemoryBytes most bytes of the device that variables and calls in flight may take
 *     together; at least 1
 * @param maxBindings most bindings of sizes that are kept ready, over all signatures; at least 1
 */
public record SessionOptions(String device, int threads, long maxMemoryBytes, int maxBindings) {
  private static final int DEFAULT_MAX_BINDINGS = 16;

  public SessionOptions {
    if (threads < 1 || maxMemoryBytes < 1 || maxBindings < 1) {
      throw new IllegalArgumentException(
          "threads %d, memory of %d bytes, %d bindings: expected at least 1 of each"
              .formatted(threads, maxMemoryBytes, maxBindings));
    }
  }

  /** The processor with all its threads, without a limit of memory. */
  public static SessionOptions defaults() {
    return new SessionOptions(
        "cpu", DeviceOptions.defaults().threads(), Long.MAX_VALUE, DEFAULT_MAX_BINDINGS);
  }

  public SessionOptions withDevice(String name) {
    return new SessionOptions(name, threads, maxMemoryBytes, maxBindings);
  }

  public SessionOptions withThreads(int count) {
    return new SessionOptions(device, count, maxMemoryBytes, maxBindings);
  }

  public SessionOptions withMaxMemoryBytes(long bytes) {
    return new SessionOptions(device, threads, bytes, maxBindings);
  }

  public SessionOptions withMaxBindings(int count) {
    return new SessionOptions(device, threads, maxMemoryBytes, count);
  }
}
