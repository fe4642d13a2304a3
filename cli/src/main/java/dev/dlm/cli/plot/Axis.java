package dev.dlm.cli.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis from one round number to another, with a tick at each multiple of a round step: 1, 2 or 5
 * times a power of ten.
 *
 * @param step from tick to tick
 */
record Axis(double low, double high, double step) {
  /** An axis that holds both values, with about {@code wanted} ticks. */
  static Axis of(double least, double greatest, int wanted) {
    double range = greatest - least;
    if (range <= Math.ulp(Math.max(Math.abs(least), Math.abs(greatest))) * 16) {
      range = Math.max(Math.abs(greatest), 1) * 0.1;
    }
    double step = step(range / Math.max(1, wanted));
    double low = Math.floor(least / step + 1e-9) * step;
    double high = Math.ceil(greatest / step - 1e-9) * step;
    return new Axis(low, high > low ? high : low + step, step);
  }

  private static double step(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** Where the ticks are, from the lowest. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long count = Math.round((high - low) / step);
    for (long i = 0; i <= count; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  /** Where a value lies, 0 at the low end and 1 at the high one. */
  double place(double value) {
    return (value - low) / (high - low);
  }

  /** A tick's number, with as many decimals as the step needs. */
  String label(double tick) {
    double size = Math.max(Math.abs(low), Math.abs(high));
    if (size >= 1e6 || step < 1e-6) {
      return String.format(Locale.ROOT, "%.2e", tick);
    }
    int decimals = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
    String text = String.format(Locale.ROOT, "%." + decimals + "f", tick);
    return text.matches("-0(\\.0+)?") ? text.substring(1) : text;
  }
}
