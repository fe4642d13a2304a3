package dev.dlm.cpu.math;

import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions of {@link FloatMath} for vectors of any width: the same operations in the same
 * order, lane by lane. To be touched only where the Vector API is present.
 */
public final class FloatVectorMath {
  private FloatVectorMath() {}

  /**
   * Integers in the order that {@link Math#max(float, float)} has of the numbers: −0 before 0, and
   * NaN of either sign above all. The maximum of such integers is one instruction, that of floats
   * in this order six that wait for each other.
   */
  public static IntVector ordered(FloatVector x) {
    return reversedBelowZero(x.reinterpretAsInts()).add(FloatMath.ORDER_SHIFT);
  }

  /** The numbers of {@link #ordered} integers. */
  public static FloatVector fromOrdered(IntVector order) {
    return reversedBelowZero(order.sub(FloatMath.ORDER_SHIFT)).reinterpretAsFloats();
  }

  /** Magnitudes grow away from zero, two's complements do not. */
  private static IntVector reversedBelowZero(IntVector bits) {
    return bits.lanewise(VectorOperators.ASHR, 31)
        .and(Integer.MAX_VALUE)
        .lanewise(VectorOperators.XOR, bits);
  }

  /** As {@link FloatMath#exp}. */
  public static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(FloatMath.LOG2_E, FloatMath.HALVES_ROUNDER);
    FloatVector y = reducedExp(x, shifted.sub(FloatMath.HALVES_ROUNDER));
    IntVector n = shifted.reinterpretAsInts();
    IntVector half = n.lanewise(VectorOperators.ASHR, 1);
    return y.mul(power(half))
        .mul(power(n.sub(half)))
        .blend(0, x.compare(VectorOperators.LT, FloatMath.EXP_MIN))
        .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, FloatMath.EXP_MAX));
  }

  /** As {@link FloatMath#expOfNonPositive}. */
  public static FloatVector expOfNonPositive(FloatVector x) {
    FloatVector shifted = x.fma(FloatMath.LOG2_E, FloatMath.RAISED_ROUNDER);
    return reducedExp(x, shifted.sub(FloatMath.RAISED_ROUNDER))
        .mul(power(shifted.reinterpretAsInts()))
        .mul(FloatMath.LOWERING)
        .blend(0, x.compare(VectorOperators.LT, FloatMath.EXP_MIN));
  }

  private static FloatVector reducedExp(FloatVector x, FloatVector whole) {
    FloatVector r = reduced(x, whole);
    FloatVector square = r.mul(r);
    return expRest(r, square).fma(square, r.add(1));
  }

  /** The power of two with the exponent, bias included, that the lowest bits are. */
  static FloatVector power(IntVector exponent) {
    return exponent.lanewise(VectorOperators.LSHL, FloatMath.EXPONENT_SHIFT).reinterpretAsFloats();
  }

  private static FloatVector reduced(FloatVector x, FloatVector whole) {
    return whole.lanewise(FMA, -FloatMath.LN2_LOW, whole.lanewise(FMA, -FloatMath.LN2_HIGH, x));
  }

  private static FloatVector expRest(FloatVector r, FloatVector square) {
    FloatVector low = r.fma(FloatMath.E1, FloatMath.E0);
    FloatVector high = square.lanewise(FMA, FloatMath.E4, r.fma(FloatMath.E3, FloatMath.E2));
    return high.fma(square, low);
  }

  static FloatVector reducedExpm1(FloatVector x, FloatVector whole) {
    FloatVector r = reduced(x, whole);
    FloatVector square = r.mul(r);
    return expRest(r, square).fma(square, r);
  }

  static FloatVector scaled(int bits, IntVector n) {
    return n.lanewise(VectorOperators.LSHL, FloatMath.EXPONENT_SHIFT)
        .add(bits)
        .reinterpretAsFloats();
  }

  /** As {@link FloatMath#expm1}. */
  public static FloatVector expm1(FloatVector x) {
    FloatVector shifted = x.fma(FloatMath.LOG2_E, FloatMath.HALF_ROUNDER);
    FloatVector q = reducedExpm1(x, shifted.sub(FloatMath.HALF_ROUNDER));
    FloatVector scale = power(shifted.reinterpretAsInts());
    FloatVector y = scale.fma(q, scale.sub(0.5f)).mul(2);
    y = y.blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, FloatMath.EXP_MAX));
    y = y.blend(-1, x.compare(VectorOperators.LT, FloatMath.EXPM1_MIN));
    return y.blend(x, x.compare(VectorOperators.EQ, 0));
  }

  /** As {@link FloatMath#log}. */
  public static FloatVector log(FloatVector x) {
    VectorMask<Float> isSubnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    FloatVector scaled = x.blend(x.mul(0x1p23f), isSubnormal);
    IntVector bits = scaled.reinterpretAsInts().sub(FloatMath.SQRT_HALF_BITS);
    FloatVector f =
        bits.and(FloatMath.MANTISSA_MASK)
            .add(FloatMath.SQRT_HALF_BITS)
            .reinterpretAsFloats()
            .sub(1);
    FloatVector e =
        (FloatVector)
            bits.lanewise(VectorOperators.ASHR, FloatMath.EXPONENT_SHIFT)
                .convert(VectorOperators.I2F, 0);
    // Exact: both are small integers.
    e = e.blend(e.sub(FloatMath.EXPONENT_SHIFT), isSubnormal);
    FloatVector y = scaledLog(f, e);
    y = y.blend(Float.NaN, x.compare(VectorOperators.GT, 0).not());
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    return y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
  }

  /** {@code log(1 + f) + e · ln 2}. */
  private static FloatVector scaledLog(FloatVector f, FloatVector e) {
    FloatVector p = f.fma(FloatMath.L8, FloatMath.L7);
    p = p.lanewise(FMA, f, FloatMath.L6);
    p = p.lanewise(FMA, f, FloatMath.L5);
    p = p.lanewise(FMA, f, FloatMath.L4);
    p = p.lanewise(FMA, f, FloatMath.L3);
    p = p.lanewise(FMA, f, FloatMath.L2);
    p = p.lanewise(FMA, f, FloatMath.L1);
    p = p.lanewise(FMA, f, FloatMath.L0);
    FloatVector square = f.mul(f);
    FloatVector y = p.mul(f).mul(square);
    y = e.lanewise(FMA, FloatMath.LN2_LOW, y);
    y = square.lanewise(FMA, -0.5f, y);
    y = f.add(y);
    return e.lanewise(FMA, FloatMath.LN2_HIGH, y);
  }

  /** As {@link FloatMath#log1p}. */
  public static FloatVector log1p(FloatVector x) {
    FloatVector sum = x.add(1);
    FloatVector lost = x.sub(sum.sub(1)).div(sum);
    FloatVector y = log(sum).add(lost);
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, -1));
    y = y.blend(x, x.compare(VectorOperators.EQ, 0));
    return y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
  }

  /** As {@link FloatMath#tanh}. */
  public static FloatVector tanh(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector twice = magnitude.add(magnitude);
    FloatVector shifted = twice.fma(FloatMath.LOG2_E, FloatMath.HALF_ROUNDER);
    FloatVector q = reducedExpm1(twice, shifted.sub(FloatMath.HALF_ROUNDER));
    FloatVector scale = power(shifted.reinterpretAsInts());
    FloatVector h = scale.fma(q, scale.sub(0.5f));
    FloatVector y =
        h.div(h.add(1)).blend(1, magnitude.compare(VectorOperators.GT, FloatMath.TANH_MAX));
    return withSignOf(y, x);
  }

  /** As {@link FloatMath#sigmoid}. */
  public static FloatVector sigmoid(FloatVector x) {
    FloatVector e = expOfNonPositive(x.abs().neg());
    return e.blend(1, x.compare(VectorOperators.GE, 0)).div(e.add(1));
  }

  /** As {@link FloatMath#erf}. */
  public static FloatVector erf(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector z = x.mul(x);
    FloatVector far = withSignOf(erfFarFromZero(magnitude, z), x);
    return far.blend(erfNearZero(x, z), magnitude.compare(VectorOperators.LT, FloatMath.ERF_NEAR));
  }

  private static FloatVector erfNearZero(FloatVector x, FloatVector z) {
    FloatVector p = z.fma(FloatMath.F4, FloatMath.F3);
    p = p.lanewise(FMA, z, FloatMath.F2);
    p = p.lanewise(FMA, z, FloatMath.F1);
    p = p.lanewise(FMA, z, FloatMath.F0);
    return p.fma(x, x);
  }

  private static FloatVector erfFarFromZero(FloatVector magnitude, FloatVector z) {
    FloatVector low = magnitude.fma(FloatMath.G1, FloatMath.G0);
    FloatVector high = magnitude.fma(FloatMath.G3, FloatMath.G2);
    FloatVector m = magnitude.fma(FloatMath.G5, FloatMath.G4).fma(z, high).fma(z, low);
    FloatVector shifted = m.add(FloatMath.ROUNDER);
    FloatVector power = scaled(FloatMath.MINUS_ONE_BITS, shifted.reinterpretAsInts());
    return reducedExp2(m.sub(shifted.sub(FloatMath.ROUNDER)))
        .lanewise(FMA, power, 1)
        .blend(1, magnitude.compare(VectorOperators.GT, FloatMath.ERF_MAX));
  }

  private static FloatVector reducedExp2(FloatVector r) {
    FloatVector square = r.mul(r);
    FloatVector low = r.fma(FloatMath.P0, 1);
    FloatVector high = r.fma(FloatMath.P2, FloatMath.P1);
    return r.fma(FloatMath.P4, FloatMath.P3).fma(square, high).fma(square, low);
  }

  /** As {@link FloatMath#sin}. */
  public static FloatVector sin(FloatVector x) {
    FloatVector magnitude = x.abs();
    VectorMask<Float> isFar = magnitude.compare(VectorOperators.GT, FloatMath.ANGLE_MAX);
    if (isFar.anyTrue()) {
      return laneByLane(x, true);
    }
    return sinOrCos(x, 0).blend(x, magnitude.compare(VectorOperators.LT, FloatMath.SIN_LINEAR));
  }

  /** As {@link FloatMath#cos}. */
  public static FloatVector cos(FloatVector x) {
    if (x.abs().compare(VectorOperators.GT, FloatMath.ANGLE_MAX).anyTrue()) {
      return laneByLane(x, false);
    }
    return sinOrCos(x, 1);
  }

  /** For angles so large that they are rare. */
  private static FloatVector laneByLane(FloatVector x, boolean sine) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = sine ? FloatMath.sin(lanes[i]) : FloatMath.cos(lanes[i]);
    }
    return FloatVector.fromArray(x.species(), lanes, 0);
  }

  private static FloatVector sinOrCos(FloatVector x, int quarters) {
    FloatVector shifted = x.fma(FloatMath.TWO_OVER_PI, FloatMath.ROUNDER);
    IntVector n = shifted.reinterpretAsInts().sub(FloatMath.ROUNDER_BITS).add(quarters);
    FloatVector r = reducedAngle(x, shifted.sub(FloatMath.ROUNDER));
    FloatVector s = reducedSin(r);
    FloatVector c = reducedCos(r);
    VectorMask<Float> isOdd = n.and(1).compare(VectorOperators.NE, 0).cast(x.species());
    IntVector sign = n.lanewise(VectorOperators.LSHL, 30).and(FloatMath.SIGN_BIT);
    return s.blend(c, isOdd)
        .reinterpretAsInts()
        .lanewise(VectorOperators.XOR, sign)
        .reinterpretAsFloats();
  }

  static FloatVector reducedAngle(FloatVector x, FloatVector whole) {
    FloatVector r = whole.lanewise(FMA, -FloatMath.HALF_PI_HIGH, x);
    r = whole.lanewise(FMA, -FloatMath.HALF_PI_MIDDLE, r);
    return whole.lanewise(FMA, -FloatMath.HALF_PI_LOW, r);
  }

  static FloatVector reducedSin(FloatVector r) {
    FloatVector z = r.mul(r);
    FloatVector s = z.fma(FloatMath.S3, FloatMath.S2);
    s = s.lanewise(FMA, z, FloatMath.S1);
    s = s.lanewise(FMA, z, FloatMath.S0);
    return s.fma(z.mul(r), r);
  }

  static FloatVector reducedCos(FloatVector r) {
    FloatVector z = r.mul(r);
    FloatVector c = z.fma(FloatMath.C2, FloatMath.C1);
    c = c.lanewise(FMA, z, FloatMath.C0);
    return c.fma(z.mul(z), z.fma(-0.5f, 1));
  }

  static FloatVector withSignOf(FloatVector magnitude, FloatVector sign) {
    return magnitude
        .reinterpretAsInts()
        .or(sign.reinterpretAsInts().and(FloatMath.SIGN_BIT))
        .reinterpretAsFloats();
  }
}
