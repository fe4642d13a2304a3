package dev.dlm.runtime.session;

import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.DeviceProvider;
import java.util.List;

/** Offers the {@link ReferenceDevice} to the tests. */
public final class ReferenceDeviceProvider implements DeviceProvider {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Availability probe() {
    return new Availability(List.of("evaluates each op plainly"), "");
  }

  @Override
  public Device open(DeviceOptions options) {
    return new ReferenceDevice(options);
  }
}
