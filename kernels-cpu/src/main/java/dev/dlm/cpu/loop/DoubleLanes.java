package dev.dlm.cpu.loop;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of {@code f64} as generated code uses them: movements, and the {@link
 * dev.dlm.op.ScalarFunction}s under their names, lane by lane what {@link DoubleFunctions} does.
 */
final class DoubleLanes {
  private DoubleLanes() {}

  static DoubleVector broadcast(VectorSpecies<Double> species, double value) {
    return DoubleVector.broadcast(species, value);
  }

  static DoubleVector load(VectorSpecies<Double> species, long at) {
    return DoubleVector.fromMemorySegment(species, ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static void store(DoubleVector value, long at) {
    value.intoMemorySegment(ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static DoubleVector load(VectorSpecies<Double> species, double[] array, int at) {
    return DoubleVector.fromArray(species, array, at);
  }

  static void store(DoubleVector value, double[] array, int at) {
    value.intoArray(array, at);
  }

  /** Collects as many elements, {@code step} bytes apart, in an array. */
  static void gather(double[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      buffer[lane] = ElementMemory.loadF64(at + lane * step);
    }
  }

  /** Writes as many elements of an array to places {@code step} bytes apart. */
  static void scatter(double[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      ElementMemory.storeF64(buffer[lane], at + lane * step);
    }
  }

  static DoubleVector negate(DoubleVector a) {
    return a.neg();
  }

  static DoubleVector absolute(DoubleVector a) {
    return a.abs();
  }

  static DoubleVector sign(DoubleVector a) {
    return a.blend(1, a.compare(VectorOperators.GT, 0)).blend(-1, a.compare(VectorOperators.LT, 0));
  }

  static DoubleVector sqrt(DoubleVector a) {
    return a.lanewise(VectorOperators.SQRT);
  }

  static DoubleVector rsqrt(DoubleVector a) {
    return DoubleVector.broadcast(a.species(), 1).div(a.lanewise(VectorOperators.SQRT));
  }

  /** Numbers of a magnitude of at least 0x1p52 have no fraction. */
  static DoubleVector floor(DoubleVector a) {
    DoubleVector whole =
        (DoubleVector) a.convert(VectorOperators.D2L, 0).convert(VectorOperators.L2D, 0);
    DoubleVector y = whole.blend(whole.sub(1), whole.compare(VectorOperators.GT, a));
    y = y.blend(a, whole.compare(VectorOperators.EQ, a));
    return a.blend(y, a.abs().compare(VectorOperators.LT, 0x1p52));
  }

  static DoubleVector ceil(DoubleVector a) {
    DoubleVector whole =
        (DoubleVector) a.convert(VectorOperators.D2L, 0).convert(VectorOperators.L2D, 0);
    DoubleVector y = whole.blend(whole.add(1), whole.compare(VectorOperators.LT, a));
    return a.blend(withSignOf(y, a), a.abs().compare(VectorOperators.LT, 0x1p52));
  }

  /** Adding {@code 0x1p52} leaves no bits for a fraction, and rounds to even. */
  static DoubleVector round(DoubleVector a) {
    DoubleVector magnitude = a.abs();
    DoubleVector y = magnitude.add(0x1p52).sub(0x1p52);
    return a.blend(withSignOf(y, a), magnitude.compare(VectorOperators.LT, 0x1p52));
  }

  private static DoubleVector withSignOf(DoubleVector magnitude, DoubleVector sign) {
    return magnitude
        .reinterpretAsLongs()
        .or(sign.reinterpretAsLongs().and(Long.MIN_VALUE))
        .reinterpretAsDoubles();
  }

  static VectorMask<Double> isNan(DoubleVector a) {
    return a.compare(VectorOperators.NE, a);
  }

  static VectorMask<Double> isFinite(DoubleVector a) {
    return a.abs().compare(VectorOperators.LE, Double.MAX_VALUE);
  }

  static DoubleVector add(DoubleVector a, DoubleVector b) {
    return a.add(b);
  }

  static DoubleVector subtract(DoubleVector a, DoubleVector b) {
    return a.sub(b);
  }

  static DoubleVector multiply(DoubleVector a, DoubleVector b) {
    return a.mul(b);
  }

  static DoubleVector divide(DoubleVector a, DoubleVector b) {
    return a.div(b);
  }

  static DoubleVector maximum(DoubleVector a, DoubleVector b) {
    return a.max(b);
  }

  static DoubleVector minimum(DoubleVector a, DoubleVector b) {
    return a.min(b);
  }

  static DoubleVector clamp(DoubleVector a, DoubleVector b, DoubleVector c) {
    return a.max(b).min(c);
  }

  static VectorMask<Double> equal(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.EQ, b);
  }

  static VectorMask<Double> notEqual(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.NE, b);
  }

  static VectorMask<Double> less(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.LT, b);
  }

  static VectorMask<Double> lessOrEqual(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.LE, b);
  }

  static DoubleVector select(VectorMask<Double> condition, DoubleVector a, DoubleVector b) {
    return b.blend(a, condition);
  }

  static LongVector toI64(DoubleVector a) {
    return (LongVector) a.convert(VectorOperators.D2L, 0);
  }

  static VectorMask<Double> toBool(DoubleVector a) {
    return a.compare(VectorOperators.NE, 0);
  }

  /** One where the mask is set. */
  static DoubleVector fromBool(VectorSpecies<Double> species, VectorMask<Double> a) {
    return DoubleVector.zero(species).blend(1, a);
  }
}
