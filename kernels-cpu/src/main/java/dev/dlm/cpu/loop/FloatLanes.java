package dev.dlm.cpu.loop;

import dev.dlm.cpu.math.FloatVectorMath;
import dev.dlm.cpu.math.FloatVectorTrigonometry;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of {@code f32} as generated code uses them: movements, and the {@link
 * dev.dlm.op.ScalarFunction}s under their names, lane by lane what {@link FloatFunctions} does.
 */
final class FloatLanes {
  private FloatLanes() {}

  static FloatVector broadcast(VectorSpecies<Float> species, float value) {
    return FloatVector.broadcast(species, value);
  }

  static FloatVector load(VectorSpecies<Float> species, long at) {
    return FloatVector.fromMemorySegment(species, ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static void store(FloatVector value, long at) {
    value.intoMemorySegment(ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static FloatVector load(VectorSpecies<Float> species, float[] array, int at) {
    return FloatVector.fromArray(species, array, at);
  }

  static void store(FloatVector value, float[] array, int at) {
    value.intoArray(array, at);
  }

  /** Collects as many elements, {@code step} bytes apart, in an array. */
  static void gather(float[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      buffer[lane] = ElementMemory.loadF32(at + lane * step);
    }
  }

  /** Writes as many elements of an array to places {@code step} bytes apart. */
  static void scatter(float[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      ElementMemory.storeF32(buffer[lane], at + lane * step);
    }
  }

  static FloatVector negate(FloatVector a) {
    return a.neg();
  }

  static FloatVector absolute(FloatVector a) {
    return a.abs();
  }

  static FloatVector sign(FloatVector a) {
    return a.blend(1, a.compare(VectorOperators.GT, 0)).blend(-1, a.compare(VectorOperators.LT, 0));
  }

  static FloatVector exp(FloatVector a) {
    return FloatVectorMath.exp(a);
  }

  /** As {@link #exp}, where no {@code a} is above 0. */
  static FloatVector expOfNonPositive(FloatVector a) {
    return FloatVectorMath.expOfNonPositive(a);
  }

  static FloatVector log(FloatVector a) {
    return FloatVectorMath.log(a);
  }

  static FloatVector log1p(FloatVector a) {
    return FloatVectorMath.log1p(a);
  }

  static FloatVector expm1(FloatVector a) {
    return FloatVectorMath.expm1(a);
  }

  static FloatVector sin(FloatVector a) {
    return FloatVectorMath.sin(a);
  }

  static FloatVector cos(FloatVector a) {
    return FloatVectorMath.cos(a);
  }

  static FloatVector tan(FloatVector a) {
    return FloatVectorTrigonometry.tan(a);
  }

  static FloatVector asin(FloatVector a) {
    return FloatVectorTrigonometry.asin(a);
  }

  static FloatVector acos(FloatVector a) {
    return FloatVectorTrigonometry.acos(a);
  }

  static FloatVector atan(FloatVector a) {
    return FloatVectorTrigonometry.atan(a);
  }

  static FloatVector sinh(FloatVector a) {
    return FloatVectorTrigonometry.sinh(a);
  }

  static FloatVector cosh(FloatVector a) {
    return FloatVectorTrigonometry.cosh(a);
  }

  static FloatVector atan2(FloatVector a, FloatVector b) {
    return FloatVectorTrigonometry.atan2(a, b);
  }

  static FloatVector tanh(FloatVector a) {
    return FloatVectorMath.tanh(a);
  }

  static FloatVector sigmoid(FloatVector a) {
    return FloatVectorMath.sigmoid(a);
  }

  static FloatVector erf(FloatVector a) {
    return FloatVectorMath.erf(a);
  }

  static FloatVector sqrt(FloatVector a) {
    return a.lanewise(VectorOperators.SQRT);
  }

  static FloatVector rsqrt(FloatVector a) {
    return FloatVector.broadcast(a.species(), 1).div(a.lanewise(VectorOperators.SQRT));
  }

  /** Numbers of a magnitude of at least 0x1p23 have no fraction. */
  static FloatVector floor(FloatVector a) {
    FloatVector whole =
        (FloatVector) a.convert(VectorOperators.F2I, 0).convert(VectorOperators.I2F, 0);
    FloatVector y = whole.blend(whole.sub(1), whole.compare(VectorOperators.GT, a));
    y = y.blend(a, whole.compare(VectorOperators.EQ, a));
    return a.blend(y, a.abs().compare(VectorOperators.LT, 0x1p23f));
  }

  static FloatVector ceil(FloatVector a) {
    FloatVector whole =
        (FloatVector) a.convert(VectorOperators.F2I, 0).convert(VectorOperators.I2F, 0);
    FloatVector y = whole.blend(whole.add(1), whole.compare(VectorOperators.LT, a));
    return a.blend(withSignOf(y, a), a.abs().compare(VectorOperators.LT, 0x1p23f));
  }

  /** Adding {@code 0x1p23f} leaves no bits for a fraction, and rounds to even. */
  static FloatVector round(FloatVector a) {
    FloatVector magnitude = a.abs();
    FloatVector y = magnitude.add(0x1p23f).sub(0x1p23f);
    return a.blend(withSignOf(y, a), magnitude.compare(VectorOperators.LT, 0x1p23f));
  }

  private static FloatVector withSignOf(FloatVector magnitude, FloatVector sign) {
    return magnitude
        .reinterpretAsInts()
        .or(sign.reinterpretAsInts().and(Integer.MIN_VALUE))
        .reinterpretAsFloats();
  }

  static VectorMask<Float> isNan(FloatVector a) {
    return a.compare(VectorOperators.NE, a);
  }

  static VectorMask<Float> isFinite(FloatVector a) {
    return a.abs().compare(VectorOperators.LE, Float.MAX_VALUE);
  }

  static FloatVector add(FloatVector a, FloatVector b) {
    return a.add(b);
  }

  static FloatVector subtract(FloatVector a, FloatVector b) {
    return a.sub(b);
  }

  static FloatVector multiply(FloatVector a, FloatVector b) {
    return a.mul(b);
  }

  static FloatVector divide(FloatVector a, FloatVector b) {
    return a.div(b);
  }

  static FloatVector maximum(FloatVector a, FloatVector b) {
    return a.max(b);
  }

  static FloatVector minimum(FloatVector a, FloatVector b) {
    return a.min(b);
  }

  /** A maximum to fold more numbers into, as {@link FloatVectorMath#ordered} integers. */
  static IntVector beginMax(FloatVector a) {
    return FloatVectorMath.ordered(a);
  }

  static IntVector foldMax(IntVector most, FloatVector a) {
    return most.max(FloatVectorMath.ordered(a));
  }

  static FloatVector endMax(IntVector most) {
    return FloatVectorMath.fromOrdered(most);
  }

  /** A minimum to fold more numbers into: the maximum of the negative numbers. */
  static IntVector beginMin(FloatVector a) {
    return beginMax(a.neg());
  }

  static IntVector foldMin(IntVector least, FloatVector a) {
    return foldMax(least, a.neg());
  }

  static FloatVector endMin(IntVector least) {
    return endMax(least).neg();
  }

  static FloatVector clamp(FloatVector a, FloatVector b, FloatVector c) {
    return a.max(b).min(c);
  }

  /**
   * As {@link #maximum}, in two instructions instead of six, where {@code b} is a number other than
   * NaN and −0.
   */
  static FloatVector maximumWithNumbers(FloatVector a, FloatVector b) {
    return a.blend(b, a.compare(VectorOperators.LE, b));
  }

  /** As {@link #minimum}, where {@code b} is a number other than NaN and −0. */
  static FloatVector minimumWithNumbers(FloatVector a, FloatVector b) {
    return a.blend(b, a.compare(VectorOperators.GT, b));
  }

  /** As {@link #clamp}, where {@code b} and {@code c} are numbers other than NaN and −0. */
  static FloatVector clampWithNumbers(FloatVector a, FloatVector b, FloatVector c) {
    return minimumWithNumbers(maximumWithNumbers(a, b), c);
  }

  static VectorMask<Float> equal(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.EQ, b);
  }

  static VectorMask<Float> notEqual(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.NE, b);
  }

  static VectorMask<Float> less(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.LT, b);
  }

  static VectorMask<Float> lessOrEqual(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.LE, b);
  }

  static FloatVector select(VectorMask<Float> condition, FloatVector a, FloatVector b) {
    return b.blend(a, condition);
  }

  static IntVector toI32(FloatVector a) {
    return (IntVector) a.convert(VectorOperators.F2I, 0);
  }

  static VectorMask<Float> toBool(FloatVector a) {
    return a.compare(VectorOperators.NE, 0);
  }

  /** One where the mask is set. */
  static FloatVector fromBool(VectorSpecies<Float> species, VectorMask<Float> a) {
    return FloatVector.zero(species).blend(1, a);
  }
}
