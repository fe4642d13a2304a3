package dev.dlm.runtime.device;

/** Offers a kind of device; found through {@link java.util.ServiceLoader}. */
public interface DeviceProvider {
  /** The name in {@code --device}, for example {@code cpu}. */
  String name();

  /**
   * What can run here: devices, or the reason why there are none. Does not fail where the device is
   * absent.
   */
  Availability probe();

  /**
   * Opens the device.
   *
   * @throws dev.dlm.diagnostic.GraphException with code {@code device-unavailable} if {@link
   *     #probe} finds none
   */
  Device open(DeviceOptions options);

  /**
   * Loads and links what a first program will probably need. It changes nothing that can be seen
   * but that the first program starts sooner; called by a thread that has nothing else to do, while
   * another reads the program. Does nothing if not overridden.
   */
  default void preload() {}
}
