package dev.dlm.runtime.session;

import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.DeviceProvider;
import java.util.List;

/** A kind of device that no machine has. */
public final class AbsentDeviceProvider implements DeviceProvider {
  @Override
  public String name() {
    return "absent";
  }

  @Override
  public Availability probe() {
    return new Availability(List.of(), "nobody has built one yet");
  }

  @Override
  public Device open(DeviceOptions options) {
    throw new UnsupportedOperationException("absent");
  }
}
