package dev.dlm.cpu.loop;

import dev.dlm.op.ScalarFunction;
import dev.dlm.reference.ScalarReference;

/**
 * The {@link ScalarFunction}s of {@code f64}, named after them, as generated scalar code calls
 * them; predicates give 0 or 1.
 */
final class DoubleFunctions {
  private DoubleFunctions() {}

  static double negate(double a) {
    return -a;
  }

  static double absolute(double a) {
    return Math.abs(a);
  }

  static double sign(double a) {
    return Math.signum(a);
  }

  static double exp(double a) {
    return StrictMath.exp(a);
  }

  static double log(double a) {
    return StrictMath.log(a);
  }

  static double log1p(double a) {
    return StrictMath.log1p(a);
  }

  static double expm1(double a) {
    return StrictMath.expm1(a);
  }

  static double sin(double a) {
    return StrictMath.sin(a);
  }

  static double cos(double a) {
    return StrictMath.cos(a);
  }

  static double tan(double a) {
    return StrictMath.tan(a);
  }

  static double asin(double a) {
    return StrictMath.asin(a);
  }

  static double acos(double a) {
    return StrictMath.acos(a);
  }

  static double atan(double a) {
    return StrictMath.atan(a);
  }

  static double sinh(double a) {
    return StrictMath.sinh(a);
  }

  static double cosh(double a) {
    return StrictMath.cosh(a);
  }

  static double tanh(double a) {
    return StrictMath.tanh(a);
  }

  static double sigmoid(double a) {
    return 1 / (1 + StrictMath.exp(-a));
  }

  static double erf(double a) {
    return ScalarReference.ofDoubles(ScalarFunction.ERF, a, 0);
  }

  static double sqrt(double a) {
    return Math.sqrt(a);
  }

  static double rsqrt(double a) {
    return 1 / Math.sqrt(a);
  }

  static double floor(double a) {
    return Math.floor(a);
  }

  static double ceil(double a) {
    return Math.ceil(a);
  }

  static double round(double a) {
    return Math.rint(a);
  }

  static int isNan(double a) {
    return Double.isNaN(a) ? 1 : 0;
  }

  static int isFinite(double a) {
    return Double.isFinite(a) ? 1 : 0;
  }

  static double add(double a, double b) {
    return a + b;
  }

  static double subtract(double a, double b) {
    return a - b;
  }

  static double multiply(double a, double b) {
    return a * b;
  }

  static double divide(double a, double b) {
    return a / b;
  }

  static double remainder(double a, double b) {
    return a % b;
  }

  static double maximum(double a, double b) {
    return Math.max(a, b);
  }

  static double minimum(double a, double b) {
    return Math.min(a, b);
  }

  static double power(double a, double b) {
    return StrictMath.pow(a, b);
  }

  static double atan2(double a, double b) {
    return StrictMath.atan2(a, b);
  }

  static double clamp(double a, double b, double c) {
    return Math.min(Math.max(a, b), c);
  }

  static int equal(double a, double b) {
    return a == b ? 1 : 0;
  }

  static int notEqual(double a, double b) {
    return a != b ? 1 : 0;
  }

  static int less(double a, double b) {
    return a < b ? 1 : 0;
  }

  static int lessOrEqual(double a, double b) {
    return a <= b ? 1 : 0;
  }

  static double select(int condition, double a, double b) {
    return condition != 0 ? a : b;
  }
}
