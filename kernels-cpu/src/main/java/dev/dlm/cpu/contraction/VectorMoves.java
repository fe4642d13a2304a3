package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;
import static dev.dlm.cpu.loop.ElementMemory.address;

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
    long wholeBytes = (long) vectors * VECTOR_BYTES;
    long sourceAt = address(source, sourceOffset, row, sourceRowStride, wholeBytes);
    long targetAt = address(target, targetOffset, row, targetRowStride, wholeBytes);
    switch (vectors) {
      case 1 -> copyOne(sourceAt, sourceRowStride, row, targetAt, targetRowStride);
      case 2 -> copyTwo(sourceAt, sourceRowStride, row, targetAt, targetRowStride);
      default -> copyMany(sourceAt, sourceRowStride, row, vectors, targetAt, targetRowStride);
    }
    if (row < rows) {
      super.copyRows(
          source,
          sourceOffset + row * sourceRowStride,
          sourceRowStride,
          rows - row,
          rowBytes,
          target,
          targetOffset + row * targetRowStride,
          targetRowStride);
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
      long source, long sourceRowStride, int rows, long target, long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      IntVector.fromMemorySegment(INTS, ALL, source + row * sourceRowStride, ORDER)
          .intoMemorySegment(ALL, target + row * targetRowStride, ORDER);
    }
  }

  private static void copyTwo(
      long source, long sourceRowStride, int rows, long target, long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      long from = source + row * sourceRowStride;
      long to = target + row * targetRowStride;
      IntVector first = IntVector.fromMemorySegment(INTS, ALL, from, ORDER);
      IntVector second = IntVector.fromMemorySegment(INTS, ALL, from + VECTOR_BYTES, ORDER);
      first.intoMemorySegment(ALL, to, ORDER);
      second.intoMemorySegment(ALL, to + VECTOR_BYTES, ORDER);
    }
  }

  private static void copyMany(
      long source, long sourceRowStride, int rows, int vectors, long target, long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      long from = source + row * sourceRowStride;
      long to = target + row * targetRowStride;
      for (int i = 0; i < vectors; i++) {
        IntVector.fromMemorySegment(INTS, ALL, from + (long) i * VECTOR_BYTES, ORDER)
            .intoMemorySegment(ALL, to + (long) i * VECTOR_BYTES, ORDER);
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
    long wholeBytes = 4L * lanes * vectors;
    int row = rowsWithin(source, sourceOffset, sourceRowStride, rows, wholeBytes);
    long sourceAt = address(source, sourceOffset, row, sourceRowStride, wholeBytes);
    if (vectors == 1) {
      for (int i = 0; i < row; i++) {
        FloatVector.fromMemorySegment(FLOATS, ALL, sourceAt + i * sourceRowStride, ORDER)
            .intoArray(target, targetIndex + i * targetRowStride);
      }
    } else if (vectors == 2) {
      for (int i = 0; i < row; i++) {
        long from = sourceAt + i * sourceRowStride;
        int to = targetIndex + i * targetRowStride;
        FloatVector first = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector second = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4L * lanes, ORDER);
        first.intoArray(target, to);
        second.intoArray(target, to + lanes);
      }
    } else {
      for (int i = 0; i < row; i++) {
        long from = sourceAt + i * sourceRowStride;
        int to = targetIndex + i * targetRowStride;
        for (int j = 0; j < columns; j += lanes) {
          FloatVector.fromMemorySegment(FLOATS, ALL, from + 4L * j, ORDER)
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
    long wholeBytes = 8L * lanes * vectors;
    int row = rowsWithin(source, sourceOffset, sourceRowStride, rows, wholeBytes);
    long sourceAt = address(source, sourceOffset, row, sourceRowStride, wholeBytes);
    if (vectors == 1) {
      for (int i = 0; i < row; i++) {
        DoubleVector.fromMemorySegment(DOUBLES, ALL, sourceAt + i * sourceRowStride, ORDER)
            .intoArray(target, targetIndex + i * targetRowStride);
      }
    } else {
      for (int i = 0; i < row; i++) {
        long from = sourceAt + i * sourceRowStride;
        int to = targetIndex + i * targetRowStride;
        for (int j = 0; j < columns; j += lanes) {
          DoubleVector.fromMemorySegment(DOUBLES, ALL, from + 8L * j, ORDER)
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
      long from = address(source, sourceOffset, wholeRows, sourceRowStride, 4L * wholeLength);
      long to = address(target, targetOffset, wholeLength, targetRowStride, 4L * wholeRows);
      for (int j = 0; j < wholeRows; j += 16) {
        for (int k = 0; k < wholeLength; k += 16) {
          VectorTransposition.transpose16(
              from + j * sourceRowStride + k * 4L,
              sourceRowStride,
              to + k * targetRowStride + j * 4L,
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
    if (whole > 0) {
      long from = address(tile, tileOffset, rows, tileRowStride, 4L * whole);
      long to = address(result, resultOffset, rows, resultRowStride, 4L * whole);
      if (whole == 2 * LANES) {
        storeTwo(from, tileRowStride, rows, to, resultRowStride, accumulate);
      } else {
        storeMany(from, tileRowStride, rows, whole, to, resultRowStride, accumulate);
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
      long tile,
      long tileRowStride,
      int rows,
      long result,
      long resultRowStride,
      boolean accumulate) {
    for (int row = 0; row < rows; row++) {
      long from = tile + row * tileRowStride;
      long to = result + row * resultRowStride;
      FloatVector first = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
      FloatVector second = FloatVector.fromMemorySegment(FLOATS, ALL, from + VECTOR_BYTES, ORDER);
      if (accumulate) {
        first = FloatVector.fromMemorySegment(FLOATS, ALL, to, ORDER).add(first);
        second = FloatVector.fromMemorySegment(FLOATS, ALL, to + VECTOR_BYTES, ORDER).add(second);
      }
      first.intoMemorySegment(ALL, to, ORDER);
      second.intoMemorySegment(ALL, to + VECTOR_BYTES, ORDER);
    }
  }

  private static void storeMany(
      long tile,
      long tileRowStride,
      int rows,
      int columns,
      long result,
      long resultRowStride,
      boolean accumulate) {
    for (int row = 0; row < rows; row++) {
      long from = tile + row * tileRowStride;
      long to = result + row * resultRowStride;
      for (int j = 0; j < columns; j += LANES) {
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, ALL, from + j * 4L, ORDER);
        if (accumulate) {
          sum = FloatVector.fromMemorySegment(FLOATS, ALL, to + j * 4L, ORDER).add(sum);
        }
        sum.intoMemorySegment(ALL, to + j * 4L, ORDER);
      }
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
      long wholeBytes = (long) vectors * VECTOR_BYTES;
      whole = rowsWithin(source, sourceOffset, sourceRowStride, rows, wholeBytes);
      long sourceAt = address(source, sourceOffset, whole, sourceRowStride, wholeBytes);
      FloatVector zero = FloatVector.zero(FLOATS);
      for (int row = 0; row < whole; row++) {
        int to = targetIndex + row * pitch;
        long from = sourceAt + row * sourceRowStride;
        zero.intoArray(target, to);
        FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER).intoArray(target, to + left);
        for (int i = LANES; i < columns; i += LANES) {
          FloatVector.fromMemorySegment(FLOATS, ALL, from + 4L * i, ORDER)
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
