package dev.dlm.cli.command;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.OutputOptions;
import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.DeviceProvider;
import dev.dlm.runtime.device.Devices;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dlm devices}: what can run here. */
@Command(
    name = "devices",
    header = "List what can run models here.",
    footer = {
      "",
      "Examples:",
      "  dlm devices",
      "  dlm train digits.dlm --device opencl",
    })
final class DevicesCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOptions output;

  DevicesCommand(Console console) {
    this.console = console;
    this.output = new OutputOptions(console);
  }

  @Override
  public Integer call() {
    for (DeviceProvider provider : Devices.providers()) {
      Availability found = provider.probe();
      for (String device : found.devices()) {
        console.println(provider.name() + "  " + device);
      }
      if (!found.isPresent()) {
        console.println(provider.name() + "  none: " + found.reason());
      }
      console.emit(
          Event.of("device")
              .with("name", provider.name())
              .with("devices", found.devices())
              .with("reason", found.reason()));
    }
    return ExitCode.DONE;
  }
}
