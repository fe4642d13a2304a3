package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.reference.ScalarReference;

/**
 * The {@link ScalarFunction}s of {@code i64}, named after them, as generated scalar code calls
 * them; predicates give 0 or 1.
 */
final class LongFunctions {
  private LongFunctions() {}

  static long negate(long a) {
    return -a;
  }

  static long absolute(long a) {
    return Math.abs(a);
  }

  static long sign(long a) {
    return Long.signum(a);
  }

  static long add(long a, long b) {
    return a + b;
  }

  static long subtract(long a, long b) {
    return a - b;
  }

  static long multiply(long a, long b) {
    return a * b;
  }

  static long divide(long a, long b) {
    return b == 0 ? 0 : a / b;
  }

  static long remainder(long a, long b) {
    return b == 0 ? 0 : a % b;
  }

  static long maximum(long a, long b) {
    return Math.max(a, b);
  }

  static long minimum(long a, long b) {
    return Math.min(a, b);
  }

  static long clamp(long a, long b, long c) {
    return Math.min(Math.max(a, b), c);
  }

  static long complement(long a) {
    return ~a;
  }

  static long and(long a, long b) {
    return a & b;
  }

  static long or(long a, long b) {
    return a | b;
  }

  static long xor(long a, long b) {
    return a ^ b;
  }

  static long power(long a, long b) {
    return ScalarReference.ofLongs(ScalarFunction.POWER, a, b, DType.I64);
  }

  static long shiftLeft(long a, long b) {
    return b < 0 || b >= 64 ? 0 : a << b;
  }

  static long shiftRightLogical(long a, long b) {
    return b < 0 || b >= 64 ? 0 : a >>> b;
  }

  static int equal(long a, long b) {
    return a == b ? 1 : 0;
  }

  static int notEqual(long a, long b) {
    return a != b ? 1 : 0;
  }

  static int less(long a, long b) {
    return a < b ? 1 : 0;
  }

  static int lessOrEqual(long a, long b) {
    return a <= b ? 1 : 0;
  }

  static long select(int condition, long a, long b) {
    return condition != 0 ? a : b;
  }
}
