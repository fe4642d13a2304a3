package dev.dlm.cli.bench;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.profile.LineProfile;
import dev.dlm.runtime.profile.StepProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measured steps and lines for machines. */
public final class ProfileEvents {
  private ProfileEvents() {}

  /**
   * Emits one {@code step-profile} for each step and one {@code line-profile} for each line.
   *
   * @param steps in the order of their numbers
   */
  public static void emit(Console console, List<StepProfile> steps, Optional<DeviceLimits> limits) {
    for (StepProfile step : steps) {
      Event event =
          Event.of("step-profile")
              .with("step", step.step().numbered().path())
              .with("kernel", step.step().kernel())
              .with("place", step.step().place())
              .with("calls", step.calls())
              .with("totalNanos", step.totalNanos())
              .with("minNanos", step.minNanos())
              .with("medianNanos", step.medianNanos())
              .with("p99Nanos", step.p99Nanos())
              .with("operations", step.operations())
              .with("bytes", step.bytes())
              .with("operationsPerSecond", step.operationsPerSecond())
              .with("bytesPerSecond", step.bytesPerSecond());
      limits.ifPresent(of -> event.with("shareOfLimit", step.shareOf(of)));
      console.emit(event);
    }
    for (LineProfile line : LineProfile.of(steps)) {
      console.emit(
          Event.of("line-profile")
              .with("file", line.file())
              .with("line", line.line())
              .with("totalNanos", line.nanos()));
    }
  }

  /** The members of an object that tells limits. */
  public static Map<String, Object> members(DeviceLimits limits) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("operationsPerSecond", limits.operationsPerSecond());
    members.put("bytesPerSecond", limits.bytesPerSecond());
    return members;
  }
}
