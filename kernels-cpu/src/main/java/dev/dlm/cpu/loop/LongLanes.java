package dev.dlm.cpu.loop;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of {@code i64} as generated code uses them: movements, and the {@link
 * dev.dlm.op.ScalarFunction}s under their names, lane by lane what {@link LongFunctions} does.
 */
final class LongLanes {
  private LongLanes() {}

  static LongVector broadcast(VectorSpecies<Long> species, long value) {
    return LongVector.broadcast(species, value);
  }

  static LongVector load(VectorSpecies<Long> species, long at) {
    return LongVector.fromMemorySegment(species, ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static void store(LongVector value, long at) {
    value.intoMemorySegment(ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static LongVector load(VectorSpecies<Long> species, long[] array, int at) {
    return LongVector.fromArray(species, array, at);
  }

  static void store(LongVector value, long[] array, int at) {
    value.intoArray(array, at);
  }

  /** Collects as many elements, {@code step} bytes apart, in an array. */
  static void gather(long[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      buffer[lane] = ElementMemory.loadI64(at + lane * step);
    }
  }

  /** Writes as many elements of an array to places {@code step} bytes apart. */
  static void scatter(long[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      ElementMemory.storeI64(buffer[lane], at + lane * step);
    }
  }

  /** Indices {@code start + step * (column + lane)}. */
  static LongVector index(VectorSpecies<Long> species, long start, long step, int column) {
    return LongVector.zero(species).addIndex(1).mul(step).add((start + column * step));
  }

  static LongVector negate(LongVector a) {
    return a.neg();
  }

  static LongVector absolute(LongVector a) {
    return a.abs();
  }

  static LongVector sign(LongVector a) {
    return LongVector.zero(a.species())
        .blend(1, a.compare(VectorOperators.GT, 0))
        .blend(-1, a.compare(VectorOperators.LT, 0));
  }

  static LongVector add(LongVector a, LongVector b) {
    return a.add(b);
  }

  static LongVector subtract(LongVector a, LongVector b) {
    return a.sub(b);
  }

  static LongVector multiply(LongVector a, LongVector b) {
    return a.mul(b);
  }

  static LongVector maximum(LongVector a, LongVector b) {
    return a.max(b);
  }

  static LongVector minimum(LongVector a, LongVector b) {
    return a.min(b);
  }

  static LongVector clamp(LongVector a, LongVector b, LongVector c) {
    return a.max(b).min(c);
  }

  static LongVector not(LongVector a) {
    return a.not();
  }

  static LongVector and(LongVector a, LongVector b) {
    return a.and(b);
  }

  static LongVector or(LongVector a, LongVector b) {
    return a.or(b);
  }

  static LongVector xor(LongVector a, LongVector b) {
    return a.lanewise(VectorOperators.XOR, b);
  }

  static LongVector shiftLeft(LongVector a, LongVector b) {
    return LongVector.zero(a.species())
        .blend(a.lanewise(VectorOperators.LSHL, b), isShiftDistance(b));
  }

  static LongVector shiftRightLogical(LongVector a, LongVector b) {
    return LongVector.zero(a.species())
        .blend(a.lanewise(VectorOperators.LSHR, b), isShiftDistance(b));
  }

  private static VectorMask<Long> isShiftDistance(LongVector b) {
    return b.compare(VectorOperators.GE, 0).and(b.compare(VectorOperators.LT, 64));
  }

  static VectorMask<Long> equal(LongVector a, LongVector b) {
    return a.compare(VectorOperators.EQ, b);
  }

  static VectorMask<Long> notEqual(LongVector a, LongVector b) {
    return a.compare(VectorOperators.NE, b);
  }

  static VectorMask<Long> less(LongVector a, LongVector b) {
    return a.compare(VectorOperators.LT, b);
  }

  static VectorMask<Long> lessOrEqual(LongVector a, LongVector b) {
    return a.compare(VectorOperators.LE, b);
  }

  static LongVector select(VectorMask<Long> condition, LongVector a, LongVector b) {
    return b.blend(a, condition);
  }

  static DoubleVector toF64(LongVector a) {
    return (DoubleVector) a.convert(VectorOperators.L2D, 0);
  }

  static VectorMask<Long> toBool(LongVector a) {
    return a.compare(VectorOperators.NE, 0);
  }

  /** One where the mask is set. */
  static LongVector fromBool(VectorSpecies<Long> species, VectorMask<Long> a) {
    return LongVector.zero(species).blend(1, a);
  }
}
