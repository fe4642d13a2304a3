package dev.dlm.cli.show;

import dev.dlm.plan.NumberedStep;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.profile.CostedStep;
import dev.dlm.runtime.profile.LineProfile;
import dev.dlm.runtime.profile.StepProfile;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The measured steps of a signature for people, and the lines of the model that they came from. */
public final class ProfileListing {
  private static final int COLUMNS = 10;
  private static final int MAX_LINES = 20;

  private ProfileListing() {}

  /**
   * The listing.
   *
   * @param steps in the order of their numbers
   * @param limits what shares of limits are of; without them that column stays empty
   */
  public static String of(List<StepProfile> steps, Optional<DeviceLimits> limits) {
    double total =
        Math.max(
            1,
            steps.stream()
                .filter(step -> step.step().numbered().parent() == NumberedStep.NONE)
                .mapToLong(StepProfile::totalNanos)
                .sum());
    Table table =
        new Table()
            .alignRight(1, COLUMNS)
            .row(
                "step",
                "calls",
                "total ms",
                "share",
                "median µs",
                "min µs",
                "p99 µs",
                "GFLOP/s",
                "GB/s",
                "of limit",
                "what",
                "where");
    for (StepProfile step : steps) {
      NumberedStep numbered = step.step().numbered();
      table.row(
          "  ".repeat(numbered.depth()) + numbered.path(),
          Long.toString(step.calls()),
          decimal(step.totalNanos() * 1e-6),
          percent(step.totalNanos() / total),
          micros(step.medianNanos()),
          micros(step.minNanos()),
          micros(step.p99Nanos()),
          decimal(step.operationsPerSecond() * 1e-9),
          decimal(step.bytesPerSecond() * 1e-9),
          limits.map(of -> percent(step.shareOf(of))).orElse(""),
          what(step.step()),
          step.step().place());
    }
    return table.print("  ") + lines(LineProfile.of(steps), total);
  }

  /** In one word for a step that runs others, which follow. */
  private static String what(CostedStep step) {
    return step.numbered().hasBodies() ? step.kernel().split(" ", 2)[0] : step.kernel();
  }

  private static String lines(List<LineProfile> lines, double total) {
    if (lines.isEmpty()) {
      return "";
    }
    Table table = new Table().alignRight(0, 1).row("share", "line");
    for (LineProfile line : lines.subList(0, Math.min(MAX_LINES, lines.size()))) {
      table.row(percent(line.nanos() / total), line.file() + ":" + line.line());
    }
    return "\n" + table.print("  ");
  }

  private static String micros(long nanos) {
    return decimal(nanos * 1e-3);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, number < 100 ? "%.2f" : "%,.0f", number);
  }
}
