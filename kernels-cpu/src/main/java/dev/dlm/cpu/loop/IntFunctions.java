package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.reference.ScalarReference;

/**
 * The {@link ScalarFunction}s of {@code i32}, narrower integers and booleans, named after them, as
 * generated scalar code calls them; predicates give 0 or 1.
 */
final class IntFunctions {
  private IntFunctions() {}

  static int negate(int a) {
    return -a;
  }

  static int absolute(int a) {
    return Math.abs(a);
  }

  static int sign(int a) {
    return Integer.signum(a);
  }

  static int not(int a) {
    return a == 0 ? 1 : 0;
  }

  static int add(int a, int b) {
    return a + b;
  }

  static int subtract(int a, int b) {
    return a - b;
  }

  static int multiply(int a, int b) {
    return a * b;
  }

  static int divide(int a, int b) {
    return b == 0 ? 0 : a / b;
  }

  static int remainder(int a, int b) {
    return b == 0 ? 0 : a % b;
  }

  static int maximum(int a, int b) {
    return Math.max(a, b);
  }

  static int minimum(int a, int b) {
    return Math.min(a, b);
  }

  static int clamp(int a, int b, int c) {
    return Math.min(Math.max(a, b), c);
  }

  static int complement(int a) {
    return ~a;
  }

  static int and(int a, int b) {
    return a & b;
  }

  static int or(int a, int b) {
    return a | b;
  }

  static int xor(int a, int b) {
    return a ^ b;
  }

  static int power(int a, int b) {
    return (int) ScalarReference.ofLongs(ScalarFunction.POWER, a, b, DType.I64);
  }

  static int shiftLeft(int a, int b) {
    return b < 0 || b >= 32 ? 0 : a << b;
  }

  static int shiftRightLogical(int a, int b) {
    return b < 0 || b >= 32 ? 0 : a >>> b;
  }

  static int shiftLeft8(int a, int b) {
    return b < 0 || b >= 8 ? 0 : a << b;
  }

  static int shiftRightLogical8(int a, int b) {
    return b < 0 || b >= 8 ? 0 : (a & 0xff) >>> b;
  }

  static int equal(int a, int b) {
    return a == b ? 1 : 0;
  }

  static int notEqual(int a, int b) {
    return a != b ? 1 : 0;
  }

  static int less(int a, int b) {
    return a < b ? 1 : 0;
  }

  static int lessOrEqual(int a, int b) {
    return a <= b ? 1 : 0;
  }

  static int select(int condition, int a, int b) {
    return condition != 0 ? a : b;
  }
}
