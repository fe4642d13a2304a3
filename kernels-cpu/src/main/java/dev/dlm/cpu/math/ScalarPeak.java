package dev.dlm.cpu.math;

/** What {@link VectorPeak} measures, one element at a time. */
public final class ScalarPeak {
  private static final int CHAINS = 8;

  /** What a repetition counts, a multiply-add being two. */
  public static final double OPERATIONS = 2.0 * CHAINS;

  private ScalarPeak() {}

  /**
   * Computes.
   *
   * @return a sum that depends on all of it
   */
  public static float run(int repetitions) {
    float addend = repetitions;
    float a = 1;
    float b = 2;
    float c = 3;
    float d = 4;
    float e = 5;
    float f = 6;
    float g = 7;
    float h = 8;
    for (int n = 0; n < repetitions; n++) {
      a = Math.fma(a, 0.5f, addend);
      b = Math.fma(b, 0.5f, addend);
      c = Math.fma(c, 0.5f, addend);
      d = Math.fma(d, 0.5f, addend);
      e = Math.fma(e, 0.5f, addend);
      f = Math.fma(f, 0.5f, addend);
      g = Math.fma(g, 0.5f, addend);
      h = Math.fma(h, 0.5f, addend);
    }
    return a + b + c + d + e + f + g + h;
  }
}
