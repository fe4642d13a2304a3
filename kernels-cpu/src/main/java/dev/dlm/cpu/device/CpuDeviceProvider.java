package dev.dlm.cpu.device;

import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.DeviceProvider;
import java.util.List;

/** Offers the processor, which is always there. */
public final class CpuDeviceProvider implements DeviceProvider {
  /** The name of the device. */
  static final String NAME = "cpu";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability probe() {
    return new Availability(
        List.of(CpuDevice.describe(Runtime.getRuntime().availableProcessors())), "");
  }

  @Override
  public Device open(DeviceOptions options) {
    return new CpuDevice(options.threads());
  }

  @Override
  public void preload() {
    FirstProgram.run();
  }
}
