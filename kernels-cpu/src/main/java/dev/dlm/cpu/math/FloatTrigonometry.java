package dev.dlm.cpu.math;

/**
 * Further functions of angles, their inverses, and hyperbolic functions of {@code f32}, made as
 * those of {@link FloatMath} are; {@link FloatVectorTrigonometry} gives the same bits.
 *
 * <p>Errors, in units of the last place of the exact result and over all arguments: at most 3. NaN
 * gives NaN; signed zeros, infinities and subnormals give what IEEE 754 recommends.
 */
public final class FloatTrigonometry {
  // (tan(x) / x - 1) / x² over x², |x| ≤ π/4.
  static final float T0 = 0.33333334f;
  static final float T1 = 0.1333323f;
  static final float T2 = 0.053994667f;
  static final float T3 = 0.021619529f;
  static final float T4 = 0.009967751f;
  static final float T5 = 0.0011763755f;
  static final float T6 = 0.003848445f;

  // (atan(x) / x - 1) / x² over x², |x| ≤ 1.
  static final float A0 = -0.33333334f;
  static final float A1 = 0.1999995f;
  static final float A2 = -0.14284004f;
  static final float A3 = 0.11088262f;
  static final float A4 = -0.08931827f;
  static final float A5 = 0.070319146f;
  static final float A6 = -0.048960514f;
  static final float A7 = 0.026305001f;
  static final float A8 = -0.009144629f;
  static final float A9 = 0.0014886919f;

  // (asin(x) / x - 1) / x² over x², |x| ≤ ½.
  static final float I0 = 0.16666666f;
  static final float I1 = 0.07500094f;
  static final float I2 = 0.044599403f;
  static final float I3 = 0.031100662f;
  static final float I4 = 0.017149238f;
  static final float I5 = 0.033690847f;

  // (sinh(x) / x - 1) / x² over x², |x| ≤ 1.
  static final float H0 = 0.16666667f;
  static final float H1 = 0.008333339f;
  static final float H2 = 0.00019838102f;
  static final float H3 = 2.8062802e-06f;

  /** Above this {@code exp(x) / 2} overflows. */
  static final float HALF_EXP_MAX = 0x1.65a9f8p6f;

  private FloatTrigonometry() {}

  /** The tangent of an angle in radians. */
  public static float tan(float x) {
    float magnitude = Math.abs(x);
    if (magnitude > FloatMath.ANGLE_MAX) {
      return (float) StrictMath.tan(x);
    }
    float shifted = Math.fma(x, FloatMath.TWO_OVER_PI, FloatMath.ROUNDER);
    int n = Float.floatToRawIntBits(shifted) - FloatMath.ROUNDER_BITS;
    float r = FloatMath.reducedAngle(x, shifted - FloatMath.ROUNDER);
    float z = r * r;
    float p = Math.fma(z, T6, T5);
    p = Math.fma(p, z, T4);
    p = Math.fma(p, z, T3);
    p = Math.fma(p, z, T2);
    p = Math.fma(p, z, T1);
    p = Math.fma(p, z, T0);
    float y = Math.fma(r * z, p, r);
    y = (n & 1) == 0 ? y : -1 / y;
    return magnitude < FloatMath.SIN_LINEAR ? x : y;
  }

  /** The arc sine. */
  public static float asin(float x) {
    float magnitude = Math.abs(x);
    float z = x * x;
    float near = Math.fma(magnitude * z, asinRest(z), magnitude);
    float half = (1 - magnitude) * 0.5f;
    float s = (float) Math.sqrt(half);
    float twice = 2 * asinCorrection(half, s);
    float far = (FloatMath.HALF_PI_HIGH - 2 * s) - (twice - FloatMath.HALF_PI_MIDDLE);
    return FloatMath.withSignOf(magnitude > 0.5f ? far : near, x);
  }

  /** The arc cosine. */
  public static float acos(float x) {
    float magnitude = Math.abs(x);
    float z = x * x;
    float rest = Math.fma(x * z, asinRest(z), -FloatMath.HALF_PI_MIDDLE);
    float near = FloatMath.HALF_PI_HIGH - (x + rest);
    float half = (1 - magnitude) * 0.5f;
    float s = (float) Math.sqrt(half);
    float correction = asinCorrection(half, s);
    float far = 2 * (s + correction);
    float left = 2 * (FloatMath.HALF_PI_HIGH - (s + (correction - FloatMath.HALF_PI_MIDDLE)));
    far = x < 0 ? left : far;
    return magnitude > 0.5f ? far : near;
  }

  private static float asinRest(float z) {
    float p = Math.fma(z, I5, I4);
    p = Math.fma(p, z, I3);
    p = Math.fma(p, z, I2);
    p = Math.fma(p, z, I1);
    return Math.fma(p, z, I0);
  }

  /** {@code asin(√z) - s}, where {@code s} is {@code √z} rounded. */
  private static float asinCorrection(float z, float s) {
    float lost = Math.fma(-s, s, z) / (2 * s);
    lost = s == 0 ? 0 : lost;
    return Math.fma(s * z, asinRest(z), lost);
  }

  /** The arc tangent. */
  public static float atan(float x) {
    float magnitude = Math.abs(x);
    boolean isFar = magnitude > 1;
    float a = reducedAtan(isFar ? 1 / magnitude : magnitude);
    float far = FloatMath.HALF_PI_HIGH - (a - FloatMath.HALF_PI_MIDDLE);
    return FloatMath.withSignOf(isFar ? far : a, x);
  }

  /** The angle of the point {@code (x, y)}. */
  public static float atan2(float y, float x) {
    float ordinate = Math.abs(y);
    float abscissa = Math.abs(x);
    float less = Math.min(ordinate, abscissa);
    float more = Math.max(ordinate, abscissa);
    float t = less / more;
    t = more == 0 ? 0 : t;
    t = less == Float.POSITIVE_INFINITY ? 1 : t;
    float a = reducedAtan(t);
    boolean isSteep = ordinate > abscissa;
    boolean isLeft = Float.floatToRawIntBits(x) < 0;
    float high = isLeft ? 2 * FloatMath.HALF_PI_HIGH : 0;
    high = isSteep ? FloatMath.HALF_PI_HIGH : high;
    float low = isLeft ? 2 * FloatMath.HALF_PI_MIDDLE : 0;
    low = isSteep ? FloatMath.HALF_PI_MIDDLE : low;
    float turned = isSteep != isLeft ? -a : a;
    return FloatMath.withSignOf(high + (turned + low), y);
  }

  private static float reducedAtan(float t) {
    float z = t * t;
    float p = Math.fma(z, A9, A8);
    p = Math.fma(p, z, A7);
    p = Math.fma(p, z, A6);
    p = Math.fma(p, z, A5);
    p = Math.fma(p, z, A4);
    p = Math.fma(p, z, A3);
    p = Math.fma(p, z, A2);
    p = Math.fma(p, z, A1);
    p = Math.fma(p, z, A0);
    return Math.fma(t * z, p, t);
  }

  /** The hyperbolic sine. */
  public static float sinh(float x) {
    float magnitude = Math.abs(x);
    float z = x * x;
    float p = Math.fma(z, H3, H2);
    p = Math.fma(p, z, H1);
    p = Math.fma(p, z, H0);
    float near = Math.fma(x * z, p, x);
    float half = halfExp(magnitude);
    float far = FloatMath.withSignOf(half - 0.25f / half, x);
    return magnitude < 1 ? near : far;
  }

  /** The hyperbolic cosine. */
  public static float cosh(float x) {
    float half = halfExp(Math.abs(x));
    return half + 0.25f / half;
  }

  /** {@code eˣ / 2} for {@code x ≥ 0}, which overflows later than {@code eˣ}. */
  private static float halfExp(float x) {
    float shifted = Math.fma(x, FloatMath.LOG2_E, FloatMath.HALVES_ROUNDER);
    int n = Float.floatToRawIntBits(shifted) - 1;
    float y = 1 + FloatMath.reducedExpm1(x, shifted - FloatMath.HALVES_ROUNDER);
    int half = n >> 1;
    y *= FloatMath.power(half);
    y *= FloatMath.power(n - half);
    return x > HALF_EXP_MAX ? Float.POSITIVE_INFINITY : y;
  }
}
