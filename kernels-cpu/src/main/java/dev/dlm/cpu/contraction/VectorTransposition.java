package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;

import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes elements of 32 bits in vectors of 512; to be touched only where the Vector API is
 * present.
 */
final class VectorTransposition {

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Integer> INTS_16 = IntVector.SPECIES_512;
  private static final IntVector LOWER_HALVES =
      IntVector.fromArray(
          INTS_16, new int[] {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23}, 0);
  private static final IntVector UPPER_HALVES =
      IntVector.fromArray(
          INTS_16, new int[] {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31}, 0);

  private VectorTransposition() {}

  /**
   * Transposes 16 × 16 elements: interleaving the rows {@code i} and {@code i + 8} for all {@code
   * i} four times over brings each element to its place. Takes addresses, and bytes from row to
   * row.
   */
  static void transpose16(long from, long sourceRowStride, long to, long targetRowStride) {
    IntVector a0 = load16(from);
    IntVector a1 = load16(from + 1 * sourceRowStride);
    IntVector a2 = load16(from + 2 * sourceRowStride);
    IntVector a3 = load16(from + 3 * sourceRowStride);
    IntVector a4 = load16(from + 4 * sourceRowStride);
    IntVector a5 = load16(from + 5 * sourceRowStride);
    IntVector a6 = load16(from + 6 * sourceRowStride);
    IntVector a7 = load16(from + 7 * sourceRowStride);
    IntVector a8 = load16(from + 8 * sourceRowStride);
    IntVector a9 = load16(from + 9 * sourceRowStride);
    IntVector a10 = load16(from + 10 * sourceRowStride);
    IntVector a11 = load16(from + 11 * sourceRowStride);
    IntVector a12 = load16(from + 12 * sourceRowStride);
    IntVector a13 = load16(from + 13 * sourceRowStride);
    IntVector a14 = load16(from + 14 * sourceRowStride);
    IntVector a15 = load16(from + 15 * sourceRowStride);
    IntVector b0 = LOWER_HALVES.selectFrom(a0, a8);
    IntVector b1 = UPPER_HALVES.selectFrom(a0, a8);
    IntVector b2 = LOWER_HALVES.selectFrom(a1, a9);
    IntVector b3 = UPPER_HALVES.selectFrom(a1, a9);
    IntVector b4 = LOWER_HALVES.selectFrom(a2, a10);
    IntVector b5 = UPPER_HALVES.selectFrom(a2, a10);
    IntVector b6 = LOWER_HALVES.selectFrom(a3, a11);
    IntVector b7 = UPPER_HALVES.selectFrom(a3, a11);
    IntVector b8 = LOWER_HALVES.selectFrom(a4, a12);
    IntVector b9 = UPPER_HALVES.selectFrom(a4, a12);
    IntVector b10 = LOWER_HALVES.selectFrom(a5, a13);
    IntVector b11 = UPPER_HALVES.selectFrom(a5, a13);
    IntVector b12 = LOWER_HALVES.selectFrom(a6, a14);
    IntVector b13 = UPPER_HALVES.selectFrom(a6, a14);
    IntVector b14 = LOWER_HALVES.selectFrom(a7, a15);
    IntVector b15 = UPPER_HALVES.selectFrom(a7, a15);
    IntVector c0 = LOWER_HALVES.selectFrom(b0, b8);
    IntVector c1 = UPPER_HALVES.selectFrom(b0, b8);
    IntVector c2 = LOWER_HALVES.selectFrom(b1, b9);
    IntVector c3 = UPPER_HALVES.selectFrom(b1, b9);
    IntVector c4 = LOWER_HALVES.selectFrom(b2, b10);
    IntVector c5 = UPPER_HALVES.selectFrom(b2, b10);
    IntVector c6 = LOWER_HALVES.selectFrom(b3, b11);
    IntVector c7 = UPPER_HALVES.selectFrom(b3, b11);
    IntVector c8 = LOWER_HALVES.selectFrom(b4, b12);
    IntVector c9 = UPPER_HALVES.selectFrom(b4, b12);
    IntVector c10 = LOWER_HALVES.selectFrom(b5, b13);
    IntVector c11 = UPPER_HALVES.selectFrom(b5, b13);
    IntVector c12 = LOWER_HALVES.selectFrom(b6, b14);
    IntVector c13 = UPPER_HALVES.selectFrom(b6, b14);
    IntVector c14 = LOWER_HALVES.selectFrom(b7, b15);
    IntVector c15 = UPPER_HALVES.selectFrom(b7, b15);
    IntVector d0 = LOWER_HALVES.selectFrom(c0, c8);
    IntVector d1 = UPPER_HALVES.selectFrom(c0, c8);
    IntVector d2 = LOWER_HALVES.selectFrom(c1, c9);
    IntVector d3 = UPPER_HALVES.selectFrom(c1, c9);
    IntVector d4 = LOWER_HALVES.selectFrom(c2, c10);
    IntVector d5 = UPPER_HALVES.selectFrom(c2, c10);
    IntVector d6 = LOWER_HALVES.selectFrom(c3, c11);
    IntVector d7 = UPPER_HALVES.selectFrom(c3, c11);
    IntVector d8 = LOWER_HALVES.selectFrom(c4, c12);
    IntVector d9 = UPPER_HALVES.selectFrom(c4, c12);
    IntVector d10 = LOWER_HALVES.selectFrom(c5, c13);
    IntVector d11 = UPPER_HALVES.selectFrom(c5, c13);
    IntVector d12 = LOWER_HALVES.selectFrom(c6, c14);
    IntVector d13 = UPPER_HALVES.selectFrom(c6, c14);
    IntVector d14 = LOWER_HALVES.selectFrom(c7, c15);
    IntVector d15 = UPPER_HALVES.selectFrom(c7, c15);
    IntVector e0 = LOWER_HALVES.selectFrom(d0, d8);
    IntVector e1 = UPPER_HALVES.selectFrom(d0, d8);
    IntVector e2 = LOWER_HALVES.selectFrom(d1, d9);
    IntVector e3 = UPPER_HALVES.selectFrom(d1, d9);
    IntVector e4 = LOWER_HALVES.selectFrom(d2, d10);
    IntVector e5 = UPPER_HALVES.selectFrom(d2, d10);
    IntVector e6 = LOWER_HALVES.selectFrom(d3, d11);
    IntVector e7 = UPPER_HALVES.selectFrom(d3, d11);
    IntVector e8 = LOWER_HALVES.selectFrom(d4, d12);
    IntVector e9 = UPPER_HALVES.selectFrom(d4, d12);
    IntVector e10 = LOWER_HALVES.selectFrom(d5, d13);
    IntVector e11 = UPPER_HALVES.selectFrom(d5, d13);
    IntVector e12 = LOWER_HALVES.selectFrom(d6, d14);
    IntVector e13 = UPPER_HALVES.selectFrom(d6, d14);
    IntVector e14 = LOWER_HALVES.selectFrom(d7, d15);
    IntVector e15 = UPPER_HALVES.selectFrom(d7, d15);
    e0.intoMemorySegment(ALL, to, ORDER);
    e1.intoMemorySegment(ALL, to + 1 * targetRowStride, ORDER);
    e2.intoMemorySegment(ALL, to + 2 * targetRowStride, ORDER);
    e3.intoMemorySegment(ALL, to + 3 * targetRowStride, ORDER);
    e4.intoMemorySegment(ALL, to + 4 * targetRowStride, ORDER);
    e5.intoMemorySegment(ALL, to + 5 * targetRowStride, ORDER);
    e6.intoMemorySegment(ALL, to + 6 * targetRowStride, ORDER);
    e7.intoMemorySegment(ALL, to + 7 * targetRowStride, ORDER);
    e8.intoMemorySegment(ALL, to + 8 * targetRowStride, ORDER);
    e9.intoMemorySegment(ALL, to + 9 * targetRowStride, ORDER);
    e10.intoMemorySegment(ALL, to + 10 * targetRowStride, ORDER);
    e11.intoMemorySegment(ALL, to + 11 * targetRowStride, ORDER);
    e12.intoMemorySegment(ALL, to + 12 * targetRowStride, ORDER);
    e13.intoMemorySegment(ALL, to + 13 * targetRowStride, ORDER);
    e14.intoMemorySegment(ALL, to + 14 * targetRowStride, ORDER);
    e15.intoMemorySegment(ALL, to + 15 * targetRowStride, ORDER);
  }

  private static IntVector load16(long at) {
    return IntVector.fromMemorySegment(INTS_16, ALL, at, ORDER);
  }
}
