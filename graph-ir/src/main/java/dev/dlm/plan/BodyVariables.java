package dev.dlm.plan;

/** The names of the variables of programs inside of steps. */
public final class BodyVariables {
  private BodyVariables() {}

  /** A value that goes from one iteration to the next. */
  public static String carry(int index) {
    return "carry." + index;
  }

  /** A value from around the body. */
  public static String capture(int index) {
    return "capture." + index;
  }

  /** A result of a body that is chosen. */
  public static String result(int index) {
    return "result." + index;
  }

  /** A part of a scanned tensor, which is an input. */
  public static String slice(int index) {
    return "slice." + index;
  }

  /** A part of a stacked result, or the outcome of a condition, which is an output. */
  public static String element(int index) {
    return "element." + index;
  }
}
