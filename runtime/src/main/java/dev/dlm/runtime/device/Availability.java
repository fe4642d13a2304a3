package dev.dlm.runtime.device;

import java.util.List;

/**
 * What a provider found on this machine.
 *
 * @param devices one line for each device, for people; empty if there are none
 * @param reason why there are none; empty otherwise
 */
public record Availability(List<String> devices, String reason) {
  public Availability {
    devices = List.copyOf(devices);
  }

  public boolean isPresent() {
    return !devices.isEmpty();
  }
}
