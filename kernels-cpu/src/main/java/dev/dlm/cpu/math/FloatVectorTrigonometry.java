package dev.dlm.cpu.math;

import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The functions of {@link FloatTrigonometry} for vectors of any width: the same operations in the
 * same order, lane by lane. To be touched only where the Vector API is present.
 */
public final class FloatVectorTrigonometry {
  private FloatVectorTrigonometry() {}

  /** As {@link FloatTrigonometry#tan}. */
  public static FloatVector tan(FloatVector x) {
    FloatVector magnitude = x.abs();
    if (magnitude.compare(VectorOperators.GT, FloatMath.ANGLE_MAX).anyTrue()) {
      return laneByLane(x);
    }
    FloatVector shifted = x.fma(FloatMath.TWO_OVER_PI, FloatMath.ROUNDER);
    IntVector n = shifted.reinterpretAsInts().sub(FloatMath.ROUNDER_BITS);
    FloatVector r = FloatVectorMath.reducedAngle(x, shifted.sub(FloatMath.ROUNDER));
    FloatVector z = r.mul(r);
    FloatVector p = z.fma(FloatTrigonometry.T6, FloatTrigonometry.T5);
    p = p.lanewise(FMA, z, FloatTrigonometry.T4);
    p = p.lanewise(FMA, z, FloatTrigonometry.T3);
    p = p.lanewise(FMA, z, FloatTrigonometry.T2);
    p = p.lanewise(FMA, z, FloatTrigonometry.T1);
    p = p.lanewise(FMA, z, FloatTrigonometry.T0);
    FloatVector y = r.mul(z).fma(p, r);
    VectorMask<Float> isOdd = n.and(1).compare(VectorOperators.NE, 0).cast(x.species());
    y = y.blend(FloatVector.broadcast(x.species(), -1).div(y), isOdd);
    return y.blend(x, magnitude.compare(VectorOperators.LT, FloatMath.SIN_LINEAR));
  }

  /** For angles so large that they are rare. */
  private static FloatVector laneByLane(FloatVector x) {
    float[] lanes = x.toArray();
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = FloatTrigonometry.tan(lanes[i]);
    }
    return FloatVector.fromArray(x.species(), lanes, 0);
  }

  /** As {@link FloatTrigonometry#asin}. */
  public static FloatVector asin(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector z = x.mul(x);
    FloatVector near = magnitude.mul(z).fma(asinRest(z), magnitude);
    FloatVector half = FloatVector.broadcast(x.species(), 1).sub(magnitude).mul(0.5f);
    FloatVector s = half.lanewise(VectorOperators.SQRT);
    FloatVector twice = asinCorrection(half, s).mul(2);
    FloatVector far =
        FloatVector.broadcast(x.species(), FloatMath.HALF_PI_HIGH)
            .sub(s.mul(2))
            .sub(twice.sub(FloatMath.HALF_PI_MIDDLE));
    return FloatVectorMath.withSignOf(
        near.blend(far, magnitude.compare(VectorOperators.GT, 0.5f)), x);
  }

  /** As {@link FloatTrigonometry#acos}. */
  public static FloatVector acos(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector z = x.mul(x);
    FloatVector rest =
        x.mul(z).fma(asinRest(z), FloatVector.broadcast(x.species(), -FloatMath.HALF_PI_MIDDLE));
    FloatVector quarter = FloatVector.broadcast(x.species(), FloatMath.HALF_PI_HIGH);
    FloatVector near = quarter.sub(x.add(rest));
    FloatVector half = FloatVector.broadcast(x.species(), 1).sub(magnitude).mul(0.5f);
    FloatVector s = half.lanewise(VectorOperators.SQRT);
    FloatVector correction = asinCorrection(half, s);
    FloatVector far = s.add(correction).mul(2);
    FloatVector left = quarter.sub(s.add(correction.sub(FloatMath.HALF_PI_MIDDLE))).mul(2);
    far = far.blend(left, x.compare(VectorOperators.LT, 0));
    return near.blend(far, magnitude.compare(VectorOperators.GT, 0.5f));
  }

  private static FloatVector asinRest(FloatVector z) {
    FloatVector p = z.fma(FloatTrigonometry.I5, FloatTrigonometry.I4);
    p = p.lanewise(FMA, z, FloatTrigonometry.I3);
    p = p.lanewise(FMA, z, FloatTrigonometry.I2);
    p = p.lanewise(FMA, z, FloatTrigonometry.I1);
    return p.lanewise(FMA, z, FloatTrigonometry.I0);
  }

  private static FloatVector asinCorrection(FloatVector z, FloatVector s) {
    FloatVector lost = s.neg().fma(s, z).div(s.mul(2));
    lost = lost.blend(0, s.compare(VectorOperators.EQ, 0));
    return s.mul(z).fma(asinRest(z), lost);
  }

  /** As {@link FloatTrigonometry#atan}. */
  public static FloatVector atan(FloatVector x) {
    FloatVector magnitude = x.abs();
    VectorMask<Float> isFar = magnitude.compare(VectorOperators.GT, 1);
    FloatVector inverse = FloatVector.broadcast(x.species(), 1).div(magnitude);
    FloatVector a = reducedAtan(magnitude.blend(inverse, isFar));
    FloatVector far =
        FloatVector.broadcast(x.species(), FloatMath.HALF_PI_HIGH)
            .sub(a.sub(FloatMath.HALF_PI_MIDDLE));
    return FloatVectorMath.withSignOf(a.blend(far, isFar), x);
  }

  /** As {@link FloatTrigonometry#atan2}. */
  public static FloatVector atan2(FloatVector y, FloatVector x) {
    FloatVector ordinate = y.abs();
    FloatVector abscissa = x.abs();
    FloatVector less = ordinate.min(abscissa);
    FloatVector more = ordinate.max(abscissa);
    FloatVector t = less.div(more);
    t = t.blend(0, more.compare(VectorOperators.EQ, 0));
    t = t.blend(1, less.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    FloatVector a = reducedAtan(t);
    VectorMask<Float> isSteep = ordinate.compare(VectorOperators.GT, abscissa);
    VectorMask<Float> isLeft =
        x.reinterpretAsInts().compare(VectorOperators.LT, 0).cast(x.species());
    FloatVector zero = FloatVector.zero(x.species());
    FloatVector high =
        zero.blend(2 * FloatMath.HALF_PI_HIGH, isLeft).blend(FloatMath.HALF_PI_HIGH, isSteep);
    FloatVector low =
        zero.blend(2 * FloatMath.HALF_PI_MIDDLE, isLeft).blend(FloatMath.HALF_PI_MIDDLE, isSteep);
    FloatVector turned = a.blend(a.neg(), isSteep.xor(isLeft));
    return FloatVectorMath.withSignOf(high.add(turned.add(low)), y);
  }

  private static FloatVector reducedAtan(FloatVector t) {
    FloatVector z = t.mul(t);
    FloatVector p = z.fma(FloatTrigonometry.A9, FloatTrigonometry.A8);
    p = p.lanewise(FMA, z, FloatTrigonometry.A7);
    p = p.lanewise(FMA, z, FloatTrigonometry.A6);
    p = p.lanewise(FMA, z, FloatTrigonometry.A5);
    p = p.lanewise(FMA, z, FloatTrigonometry.A4);
    p = p.lanewise(FMA, z, FloatTrigonometry.A3);
    p = p.lanewise(FMA, z, FloatTrigonometry.A2);
    p = p.lanewise(FMA, z, FloatTrigonometry.A1);
    p = p.lanewise(FMA, z, FloatTrigonometry.A0);
    return t.mul(z).fma(p, t);
  }

  /** As {@link FloatTrigonometry#sinh}. */
  public static FloatVector sinh(FloatVector x) {
    FloatVector magnitude = x.abs();
    FloatVector z = x.mul(x);
    FloatVector p = z.fma(FloatTrigonometry.H3, FloatTrigonometry.H2);
    p = p.lanewise(FMA, z, FloatTrigonometry.H1);
    p = p.lanewise(FMA, z, FloatTrigonometry.H0);
    FloatVector near = x.mul(z).fma(p, x);
    FloatVector half = halfExp(magnitude);
    FloatVector rest = FloatVector.broadcast(x.species(), 0.25f).div(half);
    FloatVector far = FloatVectorMath.withSignOf(half.sub(rest), x);
    return far.blend(near, magnitude.compare(VectorOperators.LT, 1));
  }

  /** As {@link FloatTrigonometry#cosh}. */
  public static FloatVector cosh(FloatVector x) {
    FloatVector half = halfExp(x.abs());
    return half.add(FloatVector.broadcast(x.species(), 0.25f).div(half));
  }

  private static FloatVector halfExp(FloatVector x) {
    FloatVector shifted = x.fma(FloatMath.LOG2_E, FloatMath.HALVES_ROUNDER);
    IntVector n = shifted.reinterpretAsInts().sub(1);
    FloatVector y = FloatVectorMath.reducedExpm1(x, shifted.sub(FloatMath.HALVES_ROUNDER)).add(1);
    IntVector half = n.lanewise(VectorOperators.ASHR, 1);
    y = y.mul(FloatVectorMath.power(half)).mul(FloatVectorMath.power(n.sub(half)));
    return y.blend(
        Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, FloatTrigonometry.HALF_EXP_MAX));
  }
}
