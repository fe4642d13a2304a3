package dev.dlm.cpu.window;

/** What a window is reduced to. */
public enum WindowKind {
  /** The sum in row-major order, from +0. */
  SUM,
  /** The greatest element, NaN if there is one. */
  MAX,
  /** The least element, NaN if there is one. */
  MIN;

  float identity() {
    return switch (this) {
      case SUM -> 0;
      case MAX -> Float.NEGATIVE_INFINITY;
      case MIN -> Float.POSITIVE_INFINITY;
    };
  }

  float combine(float a, float b) {
    return switch (this) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
    };
  }

  /** Whether a later element of a window is selected in place of an earlier one. */
  boolean selects(float candidate, float best) {
    if (Float.isNaN(candidate) || Float.isNaN(best)) {
      return !Float.isNaN(best);
    }
    return switch (this) {
      case SUM -> throw new IllegalArgumentException("a sum selects no element");
      case MAX -> candidate > best;
      case MIN -> candidate < best;
    };
  }
}
