package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;

/**
 * Conversions between element types as {@link dev.dlm.op.ScalarFunction#CAST} defines them: one
 * method for each result type, named after it, for each kind of argument.
 */
final class Conversions {
  private Conversions() {}

  static float toF32(float a) {
    return a;
  }

  static double toF64(float a) {
    return a;
  }

  static float toF16(float a) {
    return FloatFunctions.roundF16(a);
  }

  static float toBf16(float a) {
    return FloatFunctions.roundBf16(a);
  }

  static long toI64(float a) {
    return (long) a;
  }

  static int toI32(float a) {
    return (int) a;
  }

  static int toI8(float a) {
    return Math.clamp((int) a, -128, 127);
  }

  static int toU8(float a) {
    return Math.clamp((int) a, 0, 255);
  }

  static int toBool(float a) {
    return a != 0 ? 1 : 0;
  }

  static float toF32(double a) {
    return (float) a;
  }

  static double toF64(double a) {
    return a;
  }

  static float toF16(double a) {
    return (float) DType.F16.round(a);
  }

  static float toBf16(double a) {
    return (float) DType.BF16.round(a);
  }

  static long toI64(double a) {
    return (long) a;
  }

  static int toI32(double a) {
    return (int) a;
  }

  static int toI8(double a) {
    return Math.clamp((int) a, -128, 127);
  }

  static int toU8(double a) {
    return Math.clamp((int) a, 0, 255);
  }

  static int toBool(double a) {
    return a != 0 ? 1 : 0;
  }

  static float toF32(int a) {
    return (float) a;
  }

  static double toF64(int a) {
    return a;
  }

  static float toF16(int a) {
    return (float) DType.F16.round(a);
  }

  static float toBf16(int a) {
    return (float) DType.BF16.round(a);
  }

  static long toI64(int a) {
    return a;
  }

  static int toI32(int a) {
    return a;
  }

  static int toI8(int a) {
    return (byte) a;
  }

  static int toU8(int a) {
    return a & 0xff;
  }

  static int toBool(int a) {
    return a != 0 ? 1 : 0;
  }

  static float toF32(long a) {
    return (float) a;
  }

  static double toF64(long a) {
    return a;
  }

  static float toF16(long a) {
    return (float) DType.F16.round(odd(a));
  }

  static float toBf16(long a) {
    return (float) DType.BF16.round(odd(a));
  }

  /**
   * The double next to an integer whose last bit is set, if the integer is no double: rounding that
   * to a narrower type gives what rounding the integer itself would give (Boldo and Melquiond,
   * "When double rounding is odd", 2005).
   */
  private static double odd(long a) {
    double nearest = (double) a;
    boolean isAbove = nearest >= 0x1p63 || (long) nearest > a;
    if ((!isAbove && (long) nearest == a) || (Double.doubleToRawLongBits(nearest) & 1) == 1) {
      return nearest;
    }
    return isAbove ? Math.nextDown(nearest) : Math.nextUp(nearest);
  }

  static long toI64(long a) {
    return a;
  }

  static int toI32(long a) {
    return (int) a;
  }

  static int toI8(long a) {
    return (byte) a;
  }

  static int toU8(long a) {
    return (int) a & 0xff;
  }

  static int toBool(long a) {
    return a != 0 ? 1 : 0;
  }
}
