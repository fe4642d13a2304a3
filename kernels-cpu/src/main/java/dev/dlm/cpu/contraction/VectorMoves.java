package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link PanelMoves} a vector at a time; to be touched only where the Vector API is present. */
final class VectorMoves extends ScalarMoves {

  private static final VectorSpecies<Integer> INTS =
      IntVector.SPECIES_PREFERRED.length() > TileSet.SLACK
          ? IntVector.SPECIES_512
          : IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = INTS.withLanes(float.class);
  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, INTS.vectorShape());
  private static final int LANES = INTS.length();
  private static final int VECTOR_BYTES = 4 * LANES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** By their number. */
  private static final List<VectorMask<Float>> FIRST_LANES =
      IntStream.rangeClosed(0, LANES).mapToObj(n -> FLOATS.indexInRange(0, n)).toList();

  // Every second element: pairs are read as longs, whose first halves are the lower ones.
  private static final boolean PICKS_PAIRS = LANES >= 4 && ORDER == ByteOrder.LITTLE_ENDIAN;
  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, INTS.vectorShape());
  private static final int PAIRS = LONGS.length();
  private static final VectorSpecies<Integer> HALF_INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Math.max(64, INTS.vectorBitSize() / 2)));
  private static final List<VectorMask<Float>> FIRST_PAIRS =
      IntStream.rangeClosed(0, PAIRS)
          .mapToObj(n -> HALF_INTS.withLanes(float.class).indexInRange(0, n))
          .toList();

  private static final VectorSpecies<Integer> INTS_16 = IntVector.SPECIES_512;
  private static final IntVector LOWER_HALVES =
      IntVector.fromArray(
          INTS_16, new int[] {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23}, 0);
  private static final IntVector UPPER_HALVES =
      IntVector.fromArray(
          INTS_16, new int[] {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31}, 0);

  static int preferredBits() {
    return IntVector.SPECIES_PREFERRED.vectorBitSize();
  }

  @Override
  public void copyRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int rowBytes,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    int vectors = (rowBytes + VECTOR_BYTES - 1) / VECTOR_BYTES;
    int row =
        rowsWithin(source, sourceOffset, sourceRowStride, rows, (long) vectors * VECTOR_BYTES);
    switch (vectors) {
      case 1 ->
          copyOne(
              source, sourceOffset, sourceRowStride, row, target, targetOffset, targetRowStride);
      case 2 ->
          copyTwo(
              source, sourceOffset, sourceRowStride, row, target, targetOffset, targetRowStride);
      default ->
          copyMany(
              source,
              sourceOffset,
              sourceRowStride,
              row,
              vectors,
              target,
              targetOffset,
              targetRowStride);
    }
    for (; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      long to = targetOffset + row * targetRowStride;
      int i = 0;
      for (; i <= rowBytes - VECTOR_BYTES; i += VECTOR_BYTES) {
        IntVector.fromMemorySegment(INTS, source, from + i, ORDER)
            .intoMemorySegment(target, to + i, ORDER);
      }
      for (; i < rowBytes; i += 4) {
        target.set(JAVA_INT_UNALIGNED, to + i, source.get(JAVA_INT_UNALIGNED, from + i));
      }
    }
  }

  /** How many rows, from the first, may be read in whole vectors without leaving the source. */
  private static int rowsWithin(
      MemorySegment source, long offset, long rowStride, int rows, long wholeBytes) {
    int within = rows;
    while (within > 0 && offset + (within - 1) * rowStride + wholeBytes > source.byteSize()) {
      within--;
    }
    return within;
  }

  // Rows of one and two vectors are the usual ones, and a loop within the row costs several times
  // what it copies.

  private static void copyOne(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      IntVector.fromMemorySegment(INTS, source, sourceOffset + row * sourceRowStride, ORDER)
          .intoMemorySegment(target, targetOffset + row * targetRowStride, ORDER);
    }
  }

  private static void copyTwo(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      long to = targetOffset + row * targetRowStride;
      IntVector first = IntVector.fromMemorySegment(INTS, source, from, ORDER);
      IntVector second = IntVector.fromMemorySegment(INTS, source, from + VECTOR_BYTES, ORDER);
      first.intoMemorySegment(target, to, ORDER);
      second.intoMemorySegment(target, to + VECTOR_BYTES, ORDER);
    }
  }

  private static void copyMany(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int vectors,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      long to = targetOffset + row * targetRowStride;
      for (int i = 0; i < vectors; i++) {
        IntVector.fromMemorySegment(INTS, source, from + (long) i * VECTOR_BYTES, ORDER)
            .intoMemorySegment(target, to + (long) i * VECTOR_BYTES, ORDER);
      }
    }
  }

  @Override
  public void copyRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      float[] target,
      int targetIndex,
      int targetRowStride) {
    int lanes = FLOATS.length();
    int vectors = (columns + lanes - 1) / lanes;
    int row = rowsWithin(source, sourceOffset, sourceRowStride, rows, 4L * lanes * vectors);
    if (vectors == 1) {
      for (int i = 0; i < row; i++) {
        FloatVector.fromMemorySegment(FLOATS, source, sourceOffset + i * sourceRowStride, ORDER)
            .intoArray(target, targetIndex + i * targetRowStride);
      }
    } else if (vectors == 2) {
      for (int i = 0; i < row; i++) {
        long from = sourceOffset + i * sourceRowStride;
        int to = targetIndex + i * targetRowStride;
        FloatVector first = FloatVector.fromMemorySegment(FLOATS, source, from, ORDER);
        FloatVector second =
            FloatVector.fromMemorySegment(FLOATS, source, from + 4L * lanes, ORDER);
        first.intoArray(target, to);
        second.intoArray(target, to + lanes);
      }
    } else {
      for (int i = 0; i < row; i++) {
        long from = sourceOffset + i * sourceRowStride;
        int to = targetIndex + i * targetRowStride;
        for (int j = 0; j < columns; j += lanes) {
          FloatVector.fromMemorySegment(FLOATS, source, from + 4L * j, ORDER)
              .intoArray(target, to + j);
        }
      }
    }
    if (row < rows) {
      super.copyRows(
          source,
          sourceOffset + row * sourceRowStride,
          sourceRowStride,
          rows - row,
          columns,
          target,
          targetIndex + row * targetRowStride,
          targetRowStride);
    }
  }

  @Override
  public void copyRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      double[] target,
      int targetIndex,
      int targetRowStride) {
    int lanes = DOUBLES.length();
    int vectors = (columns + lanes - 1) / lanes;
    int row = rowsWithin(source, sourceOffset, sourceRowStride, rows, 8L * lanes * vectors);
    if (vectors == 1) {
      for (int i = 0; i < row; i++) {
        DoubleVector.fromMemorySegment(DOUBLES, source, sourceOffset + i * sourceRowStride, ORDER)
            .intoArray(target, targetIndex + i * targetRowStride);
      }
    } else {
      for (int i = 0; i < row; i++) {
        long from = sourceOffset + i * sourceRowStride;
        int to = targetIndex + i * targetRowStride;
        for (int j = 0; j < columns; j += lanes) {
          DoubleVector.fromMemorySegment(DOUBLES, source, from + 8L * j, ORDER)
              .intoArray(target, to + j);
        }
      }
    }
    if (row < rows) {
      super.copyRows(
          source,
          sourceOffset + row * sourceRowStride,
          sourceRowStride,
          rows - row,
          columns,
          target,
          targetIndex + row * targetRowStride,
          targetRowStride);
    }
  }

  @Override
  public void transpose(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int sourceRows,
      int length,
      MemorySegment target,
      long targetOffset,
      long targetRowStride,
      int elementBytes) {
    int wholeRows = 0;
    int wholeLength = 0;
    if (elementBytes == 4 && LANES == 16) {
      wholeRows = sourceRows & -16;
      wholeLength = length & -16;
      for (int j = 0; j < wholeRows; j += 16) {
        for (int k = 0; k < wholeLength; k += 16) {
          transpose16(
              source,
              sourceOffset + j * sourceRowStride + k * 4L,
              sourceRowStride,
              target,
              targetOffset + k * targetRowStride + j * 4L,
              targetRowStride);
        }
      }
    }
    if (wholeLength < length && wholeRows > 0) {
      super.transpose(
          source,
          sourceOffset + (long) wholeLength * elementBytes,
          sourceRowStride,
          wholeRows,
          length - wholeLength,
          target,
          targetOffset + wholeLength * targetRowStride,
          targetRowStride,
          elementBytes);
    }
    if (wholeRows < sourceRows) {
      super.transpose(
          source,
          sourceOffset + wholeRows * sourceRowStride,
          sourceRowStride,
          sourceRows - wholeRows,
          length,
          target,
          targetOffset + (long) wholeRows * elementBytes,
          targetRowStride,
          elementBytes);
    }
  }

  /**
   * Transposes 16 × 16 elements: interleaving the rows {@code i} and {@code i + 8} for all {@code
   * i} four times over brings each element to its place.
   */
  private static void transpose16(
      MemorySegment source,
      long from,
      long sourceRowStride,
      MemorySegment target,
      long to,
      long targetRowStride) {
    IntVector a0 = load16(source, from);
    IntVector a1 = load16(source, from + 1 * sourceRowStride);
    IntVector a2 = load16(source, from + 2 * sourceRowStride);
    IntVector a3 = load16(source, from + 3 * sourceRowStride);
    IntVector a4 = load16(source, from + 4 * sourceRowStride);
    IntVector a5 = load16(source, from + 5 * sourceRowStride);
    IntVector a6 = load16(source, from + 6 * sourceRowStride);
    IntVector a7 = load16(source, from + 7 * sourceRowStride);
    IntVector a8 = load16(source, from + 8 * sourceRowStride);
    IntVector a9 = load16(source, from + 9 * sourceRowStride);
    IntVector a10 = load16(source, from + 10 * sourceRowStride);
    IntVector a11 = load16(source, from + 11 * sourceRowStride);
    IntVector a12 = load16(source, from + 12 * sourceRowStride);
    IntVector a13 = load16(source, from + 13 * sourceRowStride);
    IntVector a14 = load16(source, from + 14 * sourceRowStride);
    IntVector a15 = load16(source, from + 15 * sourceRowStride);
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
    e0.intoMemorySegment(target, to, ORDER);
    e1.intoMemorySegment(target, to + 1 * targetRowStride, ORDER);
    e2.intoMemorySegment(target, to + 2 * targetRowStride, ORDER);
    e3.intoMemorySegment(target, to + 3 * targetRowStride, ORDER);
    e4.intoMemorySegment(target, to + 4 * targetRowStride, ORDER);
    e5.intoMemorySegment(target, to + 5 * targetRowStride, ORDER);
    e6.intoMemorySegment(target, to + 6 * targetRowStride, ORDER);
    e7.intoMemorySegment(target, to + 7 * targetRowStride, ORDER);
    e8.intoMemorySegment(target, to + 8 * targetRowStride, ORDER);
    e9.intoMemorySegment(target, to + 9 * targetRowStride, ORDER);
    e10.intoMemorySegment(target, to + 10 * targetRowStride, ORDER);
    e11.intoMemorySegment(target, to + 11 * targetRowStride, ORDER);
    e12.intoMemorySegment(target, to + 12 * targetRowStride, ORDER);
    e13.intoMemorySegment(target, to + 13 * targetRowStride, ORDER);
    e14.intoMemorySegment(target, to + 14 * targetRowStride, ORDER);
    e15.intoMemorySegment(target, to + 15 * targetRowStride, ORDER);
  }

  private static IntVector load16(MemorySegment source, long offset) {
    return IntVector.fromMemorySegment(INTS_16, source, offset, ORDER);
  }

  @Override
  public void storeTile(
      ElementKind element,
      MemorySegment tile,
      long tileOffset,
      long tileRowStride,
      int rows,
      int columns,
      MemorySegment result,
      long resultOffset,
      long resultRowStride,
      boolean accumulate) {
    int whole = element == ElementKind.F32 ? columns & -LANES : 0;
    if (whole == 2 * LANES) {
      storeTwo(
          tile, tileOffset, tileRowStride, rows, result, resultOffset, resultRowStride, accumulate);
    } else if (whole > 0) {
      for (int row = 0; row < rows; row++) {
        long from = tileOffset + row * tileRowStride;
        long to = resultOffset + row * resultRowStride;
        for (int j = 0; j < whole; j += LANES) {
          FloatVector sum = FloatVector.fromMemorySegment(FLOATS, tile, from + j * 4L, ORDER);
          if (accumulate) {
            sum = FloatVector.fromMemorySegment(FLOATS, result, to + j * 4L, ORDER).add(sum);
          }
          sum.intoMemorySegment(result, to + j * 4L, ORDER);
        }
      }
    }
    if (whole < columns) {
      super.storeTile(
          element,
          tile,
          tileOffset + whole * 4L,
          tileRowStride,
          rows,
          columns - whole,
          result,
          resultOffset + whole * 4L,
          resultRowStride,
          accumulate);
    }
  }

  private static void storeTwo(
      MemorySegment tile,
      long tileOffset,
      long tileRowStride,
      int rows,
      MemorySegment result,
      long resultOffset,
      long resultRowStride,
      boolean accumulate) {
    for (int row = 0; row < rows; row++) {
      long from = tileOffset + row * tileRowStride;
      long to = resultOffset + row * resultRowStride;
      FloatVector first = FloatVector.fromMemorySegment(FLOATS, tile, from, ORDER);
      FloatVector second = FloatVector.fromMemorySegment(FLOATS, tile, from + VECTOR_BYTES, ORDER);
      if (accumulate) {
        first = FloatVector.fromMemorySegment(FLOATS, result, to, ORDER).add(first);
        second =
            FloatVector.fromMemorySegment(FLOATS, result, to + VECTOR_BYTES, ORDER).add(second);
      }
      first.intoMemorySegment(result, to, ORDER);
      second.intoMemorySegment(result, to + VECTOR_BYTES, ORDER);
    }
  }

  @Override
  public int moveWidth() {
    return LANES;
  }

  @Override
  public void padRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      float[] target,
      int targetIndex,
      int pitch,
      int left) {
    int right = pitch - left - columns;
    int vectors = (columns + LANES - 1) / LANES;
    int whole = 0;
    if (left <= LANES && right <= LANES && vectors > 0) {
      // Each write may run over into what the next one, or the next row, writes after it.
      whole =
          rowsWithin(source, sourceOffset, sourceRowStride, rows, (long) vectors * VECTOR_BYTES);
      FloatVector zero = FloatVector.zero(FLOATS);
      for (int row = 0; row < whole; row++) {
        int to = targetIndex + row * pitch;
        long from = sourceOffset + row * sourceRowStride;
        zero.intoArray(target, to);
        FloatVector.fromMemorySegment(FLOATS, source, from, ORDER).intoArray(target, to + left);
        for (int i = LANES; i < columns; i += LANES) {
          FloatVector.fromMemorySegment(FLOATS, source, from + 4L * i, ORDER)
              .intoArray(target, to + left + i);
        }
        zero.intoArray(target, to + left + columns);
      }
    }
    if (whole < rows) {
      super.padRows(
          source,
          sourceOffset + whole * sourceRowStride,
          sourceRowStride,
          rows - whole,
          columns,
          target,
          targetIndex + whole * pitch,
          pitch,
          left);
    }
  }

  @Override
  public void pickRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      int stride,
      float[] target,
      int targetIndex,
      int targetRowStride) {
    int vectors = (columns + PAIRS - 1) / PAIRS;
    int whole = 0;
    if (stride == 2 && PICKS_PAIRS && vectors > 0) {
      whole =
          rowsWithin(source, sourceOffset, sourceRowStride, rows, (long) vectors * VECTOR_BYTES);
      int last = (vectors - 1) * PAIRS;
      VectorMask<Float> mask = FIRST_PAIRS.get(columns - last);
      for (int row = 0; row < whole; row++) {
        long from = sourceOffset + row * sourceRowStride;
        int to = targetIndex + row * targetRowStride;
        for (int i = 0; i < last; i += PAIRS) {
          firstOfPairs(source, from + 8L * i).intoArray(target, to + i);
        }
        firstOfPairs(source, from + 8L * last).intoArray(target, to + last, mask);
      }
    }
    super.pickRows(
        source,
        sourceOffset + whole * sourceRowStride,
        sourceRowStride,
        rows - whole,
        columns,
        stride,
        target,
        targetIndex + whole * targetRowStride,
        targetRowStride);
  }

  @Override
  public void pickRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int rows,
      int columns,
      int stride,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    int vectors = (columns + PAIRS - 1) / PAIRS;
    int whole = 0;
    if (stride == 2 && PICKS_PAIRS && vectors > 0) {
      whole =
          rowsWithin(source, sourceOffset, sourceRowStride, rows, (long) vectors * VECTOR_BYTES);
      int last = (vectors - 1) * PAIRS;
      VectorMask<Float> mask = FIRST_PAIRS.get(columns - last);
      for (int row = 0; row < whole; row++) {
        long from = sourceOffset + row * sourceRowStride;
        long to = targetOffset + row * targetRowStride;
        for (int i = 0; i < last; i += PAIRS) {
          firstOfPairs(source, from + 8L * i).intoMemorySegment(target, to + 4L * i, ORDER);
        }
        firstOfPairs(source, from + 8L * last)
            .intoMemorySegment(target, to + 4L * last, ORDER, mask);
      }
    }
    super.pickRows(
        source,
        sourceOffset + whole * sourceRowStride,
        sourceRowStride,
        rows - whole,
        columns,
        stride,
        target,
        targetOffset + whole * targetRowStride,
        targetRowStride);
  }

  /** The first of each two elements: the lower halves of longs, narrowed. */
  private static FloatVector firstOfPairs(MemorySegment source, long offset) {
    return ((IntVector)
            LongVector.fromMemorySegment(LONGS, source, offset, ORDER)
                .convertShape(VectorOperators.L2I, HALF_INTS, 0))
        .reinterpretAsFloats();
  }

  @Override
  public void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      int rowElements,
      MemorySegment target,
      long targetOffset) {
    // What a move writes too much belongs to a later move of the same row, unless the row ends.
    for (int move = 0; move < moves; move++) {
      long at = targetOffset + 4L * to[move];
      if (to[move] + LANES <= rowElements) {
        copyTaps(source, tapOffsets, taps, from[move], target, at, 4L * rowElements);
      } else {
        VectorMask<Float> mask = FIRST_LANES.get(length[move]);
        copyTaps(source, tapOffsets, taps, from[move], target, at, 4L * rowElements, mask);
      }
    }
  }

  private static void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int from,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    for (int tap = 0; tap < taps; tap++) {
      FloatVector.fromArray(FLOATS, source, tapOffsets[tap] + from)
          .intoMemorySegment(target, targetOffset + tap * targetRowStride, ORDER);
    }
  }

  private static void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int from,
      MemorySegment target,
      long targetOffset,
      long targetRowStride,
      VectorMask<Float> mask) {
    for (int tap = 0; tap < taps; tap++) {
      FloatVector.fromArray(FLOATS, source, tapOffsets[tap] + from)
          .intoMemorySegment(target, targetOffset + tap * targetRowStride, ORDER, mask);
    }
  }

  @Override
  public void copyTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      float[] target,
      int targetIndex,
      int rowPitch) {
    for (int tap = 0; tap < taps; tap++) {
      int offset = tapOffsets[tap];
      int row = targetIndex + tap * rowPitch;
      for (int move = 0; move < moves; move++) {
        FloatVector.fromArray(FLOATS, source, offset + from[move])
            .intoArray(target, row + to[move]);
      }
    }
  }

  @Override
  public void sumTaps(
      float[] source,
      int[] tapOffsets,
      int taps,
      float[] weights,
      int weightIndex,
      int[] from,
      int[] to,
      int[] length,
      int moves,
      MemorySegment target,
      long targetOffset) {
    // What a move writes too much belongs to a later move, or lies behind the last.
    int move = 0;
    for (; move <= moves - 4; move += 4) {
      sumFour(source, tapOffsets, taps, weights, weightIndex, from, to, move, target, targetOffset);
    }
    for (; move < moves; move++) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int tap = 0; tap < taps; tap++) {
        sum =
            FloatVector.fromArray(FLOATS, source, tapOffsets[tap] + from[move])
                .fma(FloatVector.broadcast(FLOATS, weights[weightIndex + tap]), sum);
      }
      sum.intoMemorySegment(target, targetOffset + 4L * to[move], ORDER);
    }
  }

  /** Four moves at a time hide the latency of their sums. */
  private static void sumFour(
      float[] source,
      int[] tapOffsets,
      int taps,
      float[] weights,
      int weightIndex,
      int[] from,
      int[] to,
      int move,
      MemorySegment target,
      long targetOffset) {
    int from0 = from[move];
    int from1 = from[move + 1];
    int from2 = from[move + 2];
    int from3 = from[move + 3];
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int tap = 0; tap < taps; tap++) {
      int at = tapOffsets[tap];
      FloatVector weight = FloatVector.broadcast(FLOATS, weights[weightIndex + tap]);
      sum0 = FloatVector.fromArray(FLOATS, source, at + from0).fma(weight, sum0);
      sum1 = FloatVector.fromArray(FLOATS, source, at + from1).fma(weight, sum1);
      sum2 = FloatVector.fromArray(FLOATS, source, at + from2).fma(weight, sum2);
      sum3 = FloatVector.fromArray(FLOATS, source, at + from3).fma(weight, sum3);
    }
    sum0.intoMemorySegment(target, targetOffset + 4L * to[move], ORDER);
    sum1.intoMemorySegment(target, targetOffset + 4L * to[move + 1], ORDER);
    sum2.intoMemorySegment(target, targetOffset + 4L * to[move + 2], ORDER);
    sum3.intoMemorySegment(target, targetOffset + 4L * to[move + 3], ORDER);
  }
}
