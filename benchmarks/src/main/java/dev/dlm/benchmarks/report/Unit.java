package dev.dlm.benchmarks.report;

import dev.dlm.benchmarks.work.Cost;
import java.util.Locale;

/** In what people read a figure. */
enum Unit {
  GIGAFLOPS("GFLOP/s"),
  GIGABYTES_PER_SECOND("GB/s"),
  STEPS_PER_SECOND("steps/s"),
  CALLS_PER_SECOND("calls/s"),
  MILLISECONDS("ms"),
  MICROSECONDS("µs"),
  MEGABYTES("MB");

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /**
   * A figure in this unit.
   *
   * @param figure seconds, or bytes
   * @param cost of what took the time
   */
  String format(double figure, Cost cost) {
    return digits(
        switch (this) {
          case GIGAFLOPS -> cost.operations() / figure / 1e9;
          case GIGABYTES_PER_SECOND -> cost.memoryBytes() / figure / 1e9;
          case STEPS_PER_SECOND, CALLS_PER_SECOND -> 1 / figure;
          case MILLISECONDS -> figure * 1e3;
          case MICROSECONDS -> figure * 1e6;
          case MEGABYTES -> figure / 1e6;
        });
  }

  /** Three digits or more. */
  private static String digits(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (value >= 99.95) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 9.995 ? "%.1f" : "%.2f", value);
  }
}
