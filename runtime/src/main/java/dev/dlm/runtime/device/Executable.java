package dev.dlm.runtime.device;

import java.util.Map;

/** A program in a device's own code, for any sizes. Thread-safe. */
public interface Executable {
  /**
   * Makes what one call in flight needs for one binding of sizes: an arena and launches with all
   * addresses resolved, so that running it allocates nothing.
   *
   * @param sizes binds every symbol of the program; guards were checked
   * @param variables memory of every variable of {@link dev.dlm.plan.Program#variables}; stays the
   *     same for the life of the frame
   * @throws dev.dlm.diagnostic.GraphException with code {@code out-of-memory} if the device has not
   *     enough
   */
  Frame bind(Sizes sizes, Map<String, DeviceMemory> variables);
}
