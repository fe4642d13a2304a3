package dev.dlm.cpu.loop;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of {@code i32} as generated code uses them: movements, and the {@link
 * dev.dlm.op.ScalarFunction}s under their names, lane by lane what {@link IntFunctions} does.
 */
final class IntLanes {
  private IntLanes() {}

  static IntVector broadcast(VectorSpecies<Integer> species, int value) {
    return IntVector.broadcast(species, value);
  }

  static IntVector load(VectorSpecies<Integer> species, long at) {
    return IntVector.fromMemorySegment(species, ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static void store(IntVector value, long at) {
    value.intoMemorySegment(ElementMemory.ALL, at, ByteOrder.LITTLE_ENDIAN);
  }

  static IntVector load(VectorSpecies<Integer> species, int[] array, int at) {
    return IntVector.fromArray(species, array, at);
  }

  static void store(IntVector value, int[] array, int at) {
    value.intoArray(array, at);
  }

  /** Collects as many elements, {@code step} bytes apart, in an array. */
  static void gather(int[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      buffer[lane] = ElementMemory.loadI32(at + lane * step);
    }
  }

  /** Writes as many elements of an array to places {@code step} bytes apart. */
  static void scatter(int[] buffer, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      ElementMemory.storeI32(buffer[lane], at + lane * step);
    }
  }

  /** Indices {@code start + step * (column + lane)}. */
  static IntVector index(VectorSpecies<Integer> species, long start, long step, int column) {
    return IntVector.zero(species).addIndex(1).mul((int) step).add((int) (start + column * step));
  }

  static IntVector negate(IntVector a) {
    return a.neg();
  }

  static IntVector absolute(IntVector a) {
    return a.abs();
  }

  static IntVector sign(IntVector a) {
    return IntVector.zero(a.species())
        .blend(1, a.compare(VectorOperators.GT, 0))
        .blend(-1, a.compare(VectorOperators.LT, 0));
  }

  static IntVector add(IntVector a, IntVector b) {
    return a.add(b);
  }

  static IntVector subtract(IntVector a, IntVector b) {
    return a.sub(b);
  }

  static IntVector multiply(IntVector a, IntVector b) {
    return a.mul(b);
  }

  static IntVector maximum(IntVector a, IntVector b) {
    return a.max(b);
  }

  static IntVector minimum(IntVector a, IntVector b) {
    return a.min(b);
  }

  static IntVector clamp(IntVector a, IntVector b, IntVector c) {
    return a.max(b).min(c);
  }

  static IntVector not(IntVector a) {
    return a.not();
  }

  static IntVector and(IntVector a, IntVector b) {
    return a.and(b);
  }

  static IntVector or(IntVector a, IntVector b) {
    return a.or(b);
  }

  static IntVector xor(IntVector a, IntVector b) {
    return a.lanewise(VectorOperators.XOR, b);
  }

  static IntVector shiftLeft(IntVector a, IntVector b) {
    return IntVector.zero(a.species())
        .blend(a.lanewise(VectorOperators.LSHL, b), isShiftDistance(b));
  }

  static IntVector shiftRightLogical(IntVector a, IntVector b) {
    return IntVector.zero(a.species())
        .blend(a.lanewise(VectorOperators.LSHR, b), isShiftDistance(b));
  }

  private static VectorMask<Integer> isShiftDistance(IntVector b) {
    return b.compare(VectorOperators.GE, 0).and(b.compare(VectorOperators.LT, 32));
  }

  static VectorMask<Integer> equal(IntVector a, IntVector b) {
    return a.compare(VectorOperators.EQ, b);
  }

  static VectorMask<Integer> notEqual(IntVector a, IntVector b) {
    return a.compare(VectorOperators.NE, b);
  }

  static VectorMask<Integer> less(IntVector a, IntVector b) {
    return a.compare(VectorOperators.LT, b);
  }

  static VectorMask<Integer> lessOrEqual(IntVector a, IntVector b) {
    return a.compare(VectorOperators.LE, b);
  }

  static IntVector select(VectorMask<Integer> condition, IntVector a, IntVector b) {
    return b.blend(a, condition);
  }

  static FloatVector toF32(IntVector a) {
    return (FloatVector) a.convert(VectorOperators.I2F, 0);
  }

  static VectorMask<Integer> toBool(IntVector a) {
    return a.compare(VectorOperators.NE, 0);
  }

  /** One where the mask is set. */
  static IntVector fromBool(VectorSpecies<Integer> species, VectorMask<Integer> a) {
    return IntVector.zero(species).blend(1, a);
  }
}
