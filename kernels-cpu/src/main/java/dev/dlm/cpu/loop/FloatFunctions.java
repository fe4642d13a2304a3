package dev.dlm.cpu.loop;

import dev.dlm.cpu.math.FloatMath;
import dev.dlm.cpu.math.FloatTrigonometry;
import dev.dlm.ir.DType;

/**
 * The {@link dev.dlm.op.ScalarFunction}s of {@code f32}, named after them, as generated scalar code
 * calls them; predicates give 0 or 1.
 */
final class FloatFunctions {
  private FloatFunctions() {}

  static float negate(float a) {
    return -a;
  }

  static float absolute(float a) {
    return Math.abs(a);
  }

  static float sign(float a) {
    return Math.signum(a);
  }

  static float exp(float a) {
    return FloatMath.exp(a);
  }

  static float log(float a) {
    return FloatMath.log(a);
  }

  static float log1p(float a) {
    return FloatMath.log1p(a);
  }

  static float expm1(float a) {
    return FloatMath.expm1(a);
  }

  static float sin(float a) {
    return FloatMath.sin(a);
  }

  static float cos(float a) {
    return FloatMath.cos(a);
  }

  static float tan(float a) {
    return FloatTrigonometry.tan(a);
  }

  static float asin(float a) {
    return FloatTrigonometry.asin(a);
  }

  static float acos(float a) {
    return FloatTrigonometry.acos(a);
  }

  static float atan(float a) {
    return FloatTrigonometry.atan(a);
  }

  static float sinh(float a) {
    return FloatTrigonometry.sinh(a);
  }

  static float cosh(float a) {
    return FloatTrigonometry.cosh(a);
  }

  static float tanh(float a) {
    return FloatMath.tanh(a);
  }

  static float sigmoid(float a) {
    return FloatMath.sigmoid(a);
  }

  static float erf(float a) {
    return FloatMath.erf(a);
  }

  static float sqrt(float a) {
    return (float) Math.sqrt(a);
  }

  static float rsqrt(float a) {
    return 1 / (float) Math.sqrt(a);
  }

  static float floor(float a) {
    return (float) Math.floor(a);
  }

  static float ceil(float a) {
    return (float) Math.ceil(a);
  }

  static float round(float a) {
    return (float) Math.rint(a);
  }

  static int isNan(float a) {
    return Float.isNaN(a) ? 1 : 0;
  }

  static int isFinite(float a) {
    return Float.isFinite(a) ? 1 : 0;
  }

  static float add(float a, float b) {
    return a + b;
  }

  static float subtract(float a, float b) {
    return a - b;
  }

  static float multiply(float a, float b) {
    return a * b;
  }

  static float divide(float a, float b) {
    return a / b;
  }

  static float remainder(float a, float b) {
    return a % b;
  }

  static float maximum(float a, float b) {
    return Math.max(a, b);
  }

  static float minimum(float a, float b) {
    return Math.min(a, b);
  }

  static float power(float a, float b) {
    return FloatMath.pow(a, b);
  }

  static float atan2(float a, float b) {
    return FloatTrigonometry.atan2(a, b);
  }

  static float clamp(float a, float b, float c) {
    return Math.min(Math.max(a, b), c);
  }

  static int equal(float a, float b) {
    return a == b ? 1 : 0;
  }

  static int notEqual(float a, float b) {
    return a != b ? 1 : 0;
  }

  static int less(float a, float b) {
    return a < b ? 1 : 0;
  }

  static int lessOrEqual(float a, float b) {
    return a <= b ? 1 : 0;
  }

  static float select(int condition, float a, float b) {
    return condition != 0 ? a : b;
  }

  static float roundBf16(float a) {
    return (float) DType.BF16.round(a);
  }

  static float roundF16(float a) {
    return Float.float16ToFloat(Float.floatToFloat16(a));
  }
}
