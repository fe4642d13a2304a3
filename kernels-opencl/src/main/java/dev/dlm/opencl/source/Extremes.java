package dev.dlm.opencl.source;

import dev.dlm.ir.DType;

/** Which of two elements is the extreme; a NaN counts as the extreme. */
final class Extremes {
  private Extremes() {}

  /** Whether a candidate replaces the extreme that was found before it. */
  static String isMore(boolean isMaximum, DType dtype, String candidate, String extreme) {
    String order = candidate + (isMaximum ? " > " : " < ") + extreme;
    return dtype.isFloat()
        ? "(isnan("
            + candidate
            + ") || isnan("
            + extreme
            + ") ? !isnan("
            + extreme
            + ") : "
            + order
            + ")"
        : "(" + order + ")";
  }
}
