package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link PanelMoves} a vector at a time; to be touched only where the Vector API is present. */
final class VectorMoves extends VectorTapMoves {

  private static final VectorSpecies<Double> DOUBLES =
      VectorSpecies.of(double.class, INTS.vectorShape());
  private static final int VECTOR_BYTES = 4 * LANES;

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
  static int rowsWithin(
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
          VectorTransposition.transpose16(
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
    int whole = 0;
    if (stride == 2) {
      whole = VectorPicks.rowsWithin(source, sourceOffset, sourceRowStride, rows, columns);
      VectorPicks.everySecond(
          source,
          sourceOffset,
          sourceRowStride,
          whole,
          columns,
          target,
          targetIndex,
          targetRowStride);
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
    int whole = 0;
    if (stride == 2) {
      whole = VectorPicks.rowsWithin(source, sourceOffset, sourceRowStride, rows, columns);
      VectorPicks.everySecond(
          source,
          sourceOffset,
          sourceRowStride,
          whole,
          columns,
          target,
          targetOffset,
          targetRowStride);
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
}
