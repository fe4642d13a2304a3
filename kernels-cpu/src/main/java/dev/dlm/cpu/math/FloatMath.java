package dev.dlm.cpu.math;

/**
 * Transcendental functions of {@code f32}. Every function is one fixed sequence of correctly
 * rounded operations, {@link FloatVectorMath} the same one lane by lane: both give the same bits,
 * except for the sign and payload of NaN.
 *
 * <p>Errors, in units of the last place of the exact result and over all arguments: at most 1.5 for
 * {@link #exp} and {@link #log}, 2 for {@link #sin} and {@link #cos}, 3 for the others. NaN gives
 * NaN; signed zeros, infinities and subnormals give what IEEE 754 recommends.
 *
 * <p>Polynomials were fitted at Chebyshev nodes of the reduced interval, which is within a small
 * factor of the best possible (Trefethen, "Approximation Theory and Approximation Practice", 2013).
 */
public final class FloatMath {
  /** Adding it rounds to an integer, which then stands in the lowest bits: 1.5 · 2²³. */
  static final float ROUNDER = 0x1.8p23f;

  static final int ROUNDER_BITS = 0x4b400000;

  static final float LOG2_E = 0x1.715476p0f;
  static final float LN2_HIGH = 0x1.62e43p-1f;
  static final float LN2_LOW = -0x1.05c61p-29f;

  /** Above this {@code exp} overflows. */
  static final float EXP_MAX = 0x1.62e42ep6f;

  /** Below this {@code exp} rounds to zero. */
  static final float EXP_MIN = -0x1.9fe368p6f;

  /** Below this {@code expm1} rounds to −1. */
  static final float EXPM1_MIN = -17.5f;

  /** From here on {@code tanh} rounds to 1. */
  static final float TANH_MAX = 9.1f;

  /** The bits of −1: with a multiple of the lowest bit of exponents, of powers. */
  static final int MINUS_ONE_BITS = 0xbf800000;

  static final int SIGN_BIT = 0x80000000;
  static final int EXPONENT_SHIFT = 23;
  static final int EXPONENT_BIAS = 127;

  /**
   * {@link #ROUNDER} and the bias twice: half of the lowest bits, and what is left of them, are the
   * exponents of two powers whose product is that of the integer.
   */
  static final float HALVES_ROUNDER = ROUNDER + 2 * EXPONENT_BIAS;

  /**
   * {@link #ROUNDER}, the bias and 65, by which no exponent of a number is below the normal ones;
   * even together, as rounding is to even.
   */
  static final float RAISED_ROUNDER = ROUNDER + (EXPONENT_BIAS + 65);

  /** Undoes what {@link #RAISED_ROUNDER} raises. */
  static final float LOWERING = 0x1p-65f;

  /** {@link #ROUNDER} and the bias less one: the exponent of half the power. */
  static final float HALF_ROUNDER = ROUNDER + (EXPONENT_BIAS - 1);

  static final int MANTISSA_MASK = 0x7fffff;
  static final int SQRT_HALF_BITS = 0x3f3504f3;

  /**
   * What {@link FloatVectorMath#ordered} adds to bits, reversed where they are negative: −∞ becomes
   * the least integer, and negative NaN, which is below it, goes round to the top.
   */
  static final int ORDER_SHIFT = Integer.MIN_VALUE - (0xff800000 ^ Integer.MAX_VALUE);

  // (exp(r) - 1 - r) / r² on |r| ≤ ln(2) / 2.
  static final float E0 = 0.49999997f;
  static final float E1 = 0.16666543f;
  static final float E2 = 0.0416672f;
  static final float E3 = 0.0083665475f;
  static final float E4 = 0.0013882515f;

  // (log(1 + f) - f + f²/2) / f³ on √½ ≤ 1 + f ≤ √2.
  static final float L0 = 0.3333333f;
  static final float L1 = -0.24999997f;
  static final float L2 = 0.20000716f;
  static final float L3 = -0.16667803f;
  static final float L4 = 0.1424904f;
  static final float L5 = -0.124256544f;
  static final float L6 = 0.1168558f;
  static final float L7 = -0.114800684f;
  static final float L8 = 0.06971585f;

  // (sin(r) - r) / r³ and (cos(r) - 1 + r²/2) / r⁴ over r², |r| ≤ π/4.
  static final float TWO_OVER_PI = 0x1.45f306p-1f;
  static final float HALF_PI_HIGH = 0x1.921fb6p0f;
  static final float HALF_PI_MIDDLE = -0x1.777a5cp-25f;
  static final float HALF_PI_LOW = -0x1.ee59dap-50f;
  static final float S0 = -0.16666667f;
  static final float S1 = 0.008333332f;
  static final float S2 = -1.9840086e-04f;
  static final float S3 = 2.7249803e-06f;
  static final float C0 = 0.041666664f;
  static final float C1 = -0.0013888302f;
  static final float C2 = 2.454784e-05f;

  /** Up to here the three parts of π/2 reduce an angle exactly enough. */
  static final float ANGLE_MAX = 65536f;

  /** Below this {@code sin(x)} rounds to {@code x}. */
  static final float SIN_LINEAR = 0x1p-13f;

  /** Below this the error function is a polynomial. */
  static final float ERF_NEAR = 0.75f;

  /** From here on the error function rounds to 1. */
  static final float ERF_MAX = 4f;

  // erf(x) / x - 1 over x², |x| ≤ ¾.
  static final float F0 = 0.12837909f;
  static final float F1 = -0.3761193f;
  static final float F2 = 0.11273721f;
  static final float F3 = -0.026359767f;
  static final float F4 = 0.004158342f;

  // log₂(1 - erf(x)) for ¾ ≤ x ≤ 4.
  static final float G0 = -0.0013925338f;
  static final float G1 = -1.6210988f;
  static final float G2 = -0.9314268f;
  static final float G3 = -0.13678399f;
  static final float G4 = 0.024344351f;
  static final float G5 = -0.002059324f;

  // (2ʳ - 1) / r on |r| ≤ ½.
  static final float P0 = 0.693147f;
  static final float P1 = 0.24022241f;
  static final float P2 = 0.055507343f;
  static final float P3 = 0.009671556f;
  static final float P4 = 0.0013264666f;

  private FloatMath() {}

  /** {@code eˣ}. */
  public static float exp(float x) {
    float shifted = Math.fma(x, LOG2_E, HALVES_ROUNDER);
    float y = reducedExp(x, shifted - HALVES_ROUNDER);
    // The power of two may be subnormal or overflow; its square roots are neither.
    int n = Float.floatToRawIntBits(shifted);
    int half = n >> 1;
    y = y * power(half) * power(n - half);
    y = x < EXP_MIN ? 0 : y;
    return x > EXP_MAX ? Float.POSITIVE_INFINITY : y;
  }

  /** As {@link #exp}, to the bit, for {@code x ≤ 0}; of fewer operations. */
  static float expOfNonPositive(float x) {
    float shifted = Math.fma(x, LOG2_E, RAISED_ROUNDER);
    float y = reducedExp(x, shifted - RAISED_ROUNDER);
    y = y * power(Float.floatToRawIntBits(shifted)) * LOWERING;
    return x < EXP_MIN ? 0 : y;
  }

  /** {@code exp(x - whole · ln 2)}. */
  private static float reducedExp(float x, float whole) {
    float r = reduced(x, whole);
    float square = r * r;
    return Math.fma(expRest(r, square), square, 1 + r);
  }

  /** {@code x - whole · ln 2}. */
  private static float reduced(float x, float whole) {
    return Math.fma(whole, -LN2_LOW, Math.fma(whole, -LN2_HIGH, x));
  }

  /** {@code (exp(r) - 1 - r) / r²}, in pairs of terms, which wait for each other less. */
  private static float expRest(float r, float square) {
    float low = Math.fma(r, E1, E0);
    float high = Math.fma(square, E4, Math.fma(r, E3, E2));
    return Math.fma(high, square, low);
  }

  /** {@code exp(x - whole · ln 2) - 1}. */
  static float reducedExpm1(float x, float whole) {
    float r = reduced(x, whole);
    float square = r * r;
    return Math.fma(expRest(r, square), square, r);
  }

  /** The power of two with the exponent, bias included, that the lowest bits are. */
  static float power(int exponent) {
    return Float.intBitsToFloat(exponent << EXPONENT_SHIFT);
  }

  /**
   * A power of two, or a number next to one, times two to the {@code n}; only the nine lowest bits
   * of {@code n} count, so that a number to which {@link #ROUNDER} was added serves as well.
   *
   * @param bits of the number
   */
  static float scaled(int bits, int n) {
    return Float.intBitsToFloat((n << EXPONENT_SHIFT) + bits);
  }

  /** {@code eˣ - 1}. */
  public static float expm1(float x) {
    float shifted = Math.fma(x, LOG2_E, HALF_ROUNDER);
    float q = reducedExpm1(x, shifted - HALF_ROUNDER);
    float scale = power(Float.floatToRawIntBits(shifted));
    float y = 2 * Math.fma(scale, q, scale - 0.5f);
    y = x > EXP_MAX ? Float.POSITIVE_INFINITY : y;
    y = x < EXPM1_MIN ? -1 : y;
    return x == 0 ? x : y;
  }

  /** The natural logarithm. */
  public static float log(float x) {
    boolean isSubnormal = x < Float.MIN_NORMAL;
    float scaled = isSubnormal ? x * 0x1p23f : x;
    int bits = Float.floatToRawIntBits(scaled) - SQRT_HALF_BITS;
    int exponent = bits >> EXPONENT_SHIFT;
    exponent = isSubnormal ? exponent - EXPONENT_SHIFT : exponent;
    float e = exponent;
    float f = Float.intBitsToFloat((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1;
    float p = Math.fma(f, L8, L7);
    p = Math.fma(p, f, L6);
    p = Math.fma(p, f, L5);
    p = Math.fma(p, f, L4);
    p = Math.fma(p, f, L3);
    p = Math.fma(p, f, L2);
    p = Math.fma(p, f, L1);
    p = Math.fma(p, f, L0);
    float square = f * f;
    float y = p * f * square;
    y = Math.fma(e, LN2_LOW, y);
    y = Math.fma(square, -0.5f, y);
    y = f + y;
    y = Math.fma(e, LN2_HIGH, y);
    y = x > 0 ? y : Float.NaN;
    y = x == 0 ? Float.NEGATIVE_INFINITY : y;
    return x == Float.POSITIVE_INFINITY ? x : y;
  }

  /** {@code log(1 + x)}. */
  public static float log1p(float x) {
    float sum = 1 + x;
    float lost = (x - (sum - 1)) / sum;
    float y = log(sum) + lost;
    y = x == -1 ? Float.NEGATIVE_INFINITY : y;
    y = x == 0 ? x : y;
    return x == Float.POSITIVE_INFINITY ? x : y;
  }

  /** The hyperbolic tangent, {@code h / (h + 1)} with {@code h = expm1(2x) / 2}. */
  public static float tanh(float x) {
    float magnitude = Math.abs(x);
    float twice = magnitude + magnitude;
    float shifted = Math.fma(twice, LOG2_E, HALF_ROUNDER);
    float q = reducedExpm1(twice, shifted - HALF_ROUNDER);
    float scale = power(Float.floatToRawIntBits(shifted));
    float h = Math.fma(scale, q, scale - 0.5f);
    float y = h / (h + 1);
    return withSignOf(magnitude > TANH_MAX ? 1 : y, x);
  }

  /** The logistic function {@code 1 / (1 + exp(-x))}. */
  public static float sigmoid(float x) {
    float e = expOfNonPositive(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }

  /** The error function: a polynomial near zero, {@code 1 - 2ᵐ} with a polynomial m beyond. */
  public static float erf(float x) {
    float magnitude = Math.abs(x);
    float z = x * x;
    float p = Math.fma(z, F4, F3);
    p = Math.fma(p, z, F2);
    p = Math.fma(p, z, F1);
    p = Math.fma(p, z, F0);
    float near = Math.fma(p, x, x);
    float low = Math.fma(magnitude, G1, G0);
    float high = Math.fma(magnitude, G3, G2);
    float m = Math.fma(Math.fma(Math.fma(magnitude, G5, G4), z, high), z, low);
    float shifted = m + ROUNDER;
    float power = scaled(MINUS_ONE_BITS, Float.floatToRawIntBits(shifted));
    float far = Math.fma(reducedExp2(m - (shifted - ROUNDER)), power, 1);
    far = withSignOf(magnitude > ERF_MAX ? 1 : far, x);
    return magnitude < ERF_NEAR ? near : far;
  }

  /** {@code 2ʳ} for {@code |r| ≤ ½}. */
  private static float reducedExp2(float r) {
    float square = r * r;
    float low = Math.fma(r, P0, 1);
    float high = Math.fma(r, P2, P1);
    return Math.fma(Math.fma(Math.fma(r, P4, P3), square, high), square, low);
  }

  /** The sine of an angle in radians. */
  public static float sin(float x) {
    float magnitude = Math.abs(x);
    if (magnitude > ANGLE_MAX) {
      return (float) StrictMath.sin(x);
    }
    float y = sinOrCos(x, 0);
    return magnitude < SIN_LINEAR ? x : y;
  }

  /** The cosine of an angle in radians. */
  public static float cos(float x) {
    return Math.abs(x) > ANGLE_MAX ? (float) StrictMath.cos(x) : sinOrCos(x, 1);
  }

  /** The sine of {@code x + quarters · π/2}. */
  private static float sinOrCos(float x, int quarters) {
    float shifted = Math.fma(x, TWO_OVER_PI, ROUNDER);
    int n = Float.floatToRawIntBits(shifted) - ROUNDER_BITS + quarters;
    float r = reducedAngle(x, shifted - ROUNDER);
    float y = (n & 1) == 0 ? reducedSin(r) : reducedCos(r);
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ ((n << 30) & SIGN_BIT));
  }

  /** {@code x - whole · π/2}. */
  static float reducedAngle(float x, float whole) {
    float r = Math.fma(whole, -HALF_PI_HIGH, x);
    r = Math.fma(whole, -HALF_PI_MIDDLE, r);
    return Math.fma(whole, -HALF_PI_LOW, r);
  }

  /** The sine of an angle within ±π/4. */
  static float reducedSin(float r) {
    float z = r * r;
    float s = Math.fma(z, S3, S2);
    s = Math.fma(s, z, S1);
    s = Math.fma(s, z, S0);
    return Math.fma(s, z * r, r);
  }

  /** The cosine of an angle within ±π/4. */
  static float reducedCos(float r) {
    float z = r * r;
    float c = Math.fma(z, C2, C1);
    c = Math.fma(c, z, C0);
    return Math.fma(c, z * z, Math.fma(z, -0.5f, 1));
  }

  /** {@code x} to the power {@code y}, correctly rounded but for rare cases. */
  public static float pow(float x, float y) {
    return (float) StrictMath.pow(x, y);
  }

  static float withSignOf(float magnitude, float sign) {
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(sign) & SIGN_BIT));
  }
}
