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
}
