package dev.dlm.reference;

/**
 * The error function in double precision, by its power series and, for large arguments, its
 * continued fraction.
 */
final class ErrorFunction {
  private static final double SERIES_LIMIT = 2.5;

  private ErrorFunction() {}

  /** {@code 2/√π ∫₀ˣ e^(-t²) dt}. */
  static double erf(double x) {
    if (Double.isNaN(x)) {
      return x;
    }
    double magnitude = Math.abs(x);
    if (magnitude > 6) {
      return Math.signum(x);
    }
    return magnitude < SERIES_LIMIT ? series(x) : Math.copySign(1 - complement(magnitude), x);
  }

  /**
   * NIST DLMF 7.6.2: {@code 2/√π e^(-x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!}; all terms have one sign, so
   * nothing cancels.
   */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17 && n < 200; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
  }

  /**
   * NIST DLMF 7.9.1, evaluated from the tail: {@code √π e^(x²) erfc x = 1/(x + (1/2)/(x + 1/(x +
   * (3/2)/(x + …))))}.
   */
  private static double complement(double x) {
    double fraction = x;
    for (int k = 120; k >= 1; k--) {
      fraction = x + 0.5 * k / fraction;
    }
    return StrictMath.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }
}
