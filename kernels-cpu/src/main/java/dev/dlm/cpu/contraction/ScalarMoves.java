package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** {@link PanelMoves} one element at a time. */
class ScalarMoves implements PanelMoves {

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
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      long to = targetOffset + row * targetRowStride;
      for (int i = 0; i < rowBytes; i += 4) {
        target.set(JAVA_INT_UNALIGNED, to + i, source.get(JAVA_INT_UNALIGNED, from + i));
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
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      int to = targetIndex + row * targetRowStride;
      for (int i = 0; i < columns; i++) {
        target[to + i] = source.get(JAVA_FLOAT_UNALIGNED, from + i * 4L);
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
      double[] target,
      int targetIndex,
      int targetRowStride) {
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      int to = targetIndex + row * targetRowStride;
      for (int i = 0; i < columns; i++) {
        target[to + i] = source.get(JAVA_DOUBLE_UNALIGNED, from + i * 8L);
      }
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
    if (elementBytes == 4) {
      for (int k = 0; k < length; k++) {
        long from = sourceOffset + k * 4L;
        long to = targetOffset + k * targetRowStride;
        for (int j = 0; j < sourceRows; j++) {
          target.set(
              JAVA_INT_UNALIGNED,
              to + j * 4L,
              source.get(JAVA_INT_UNALIGNED, from + j * sourceRowStride));
        }
      }
    } else {
      for (int k = 0; k < length; k++) {
        long from = sourceOffset + k * 8L;
        long to = targetOffset + k * targetRowStride;
        for (int j = 0; j < sourceRows; j++) {
          target.set(
              JAVA_LONG_UNALIGNED,
              to + j * 8L,
              source.get(JAVA_LONG_UNALIGNED, from + j * sourceRowStride));
        }
      }
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
    for (int row = 0; row < rows; row++) {
      long from = tileOffset + row * tileRowStride;
      long to = resultOffset + row * resultRowStride;
      if (element == ElementKind.F32) {
        storeFloats(tile, from, columns, result, to, accumulate);
      } else {
        storeDoubles(tile, from, columns, result, to, accumulate);
      }
    }
  }

  static void storeFloats(
      MemorySegment tile,
      long from,
      int columns,
      MemorySegment result,
      long to,
      boolean accumulate) {
    for (int j = 0; j < columns; j++) {
      float sum = tile.get(JAVA_FLOAT_UNALIGNED, from + j * 4L);
      if (accumulate) {
        sum = result.get(JAVA_FLOAT_UNALIGNED, to + j * 4L) + sum;
      }
      result.set(JAVA_FLOAT_UNALIGNED, to + j * 4L, sum);
    }
  }

  private static void storeDoubles(
      MemorySegment tile,
      long from,
      int columns,
      MemorySegment result,
      long to,
      boolean accumulate) {
    for (int j = 0; j < columns; j++) {
      double sum = tile.get(JAVA_DOUBLE_UNALIGNED, from + j * 8L);
      if (accumulate) {
        sum = result.get(JAVA_DOUBLE_UNALIGNED, to + j * 8L) + sum;
      }
      result.set(JAVA_DOUBLE_UNALIGNED, to + j * 8L, sum);
    }
  }

  @Override
  public int moveWidth() {
    return TileSet.SLACK;
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
    for (int row = 0; row < rows; row++) {
      int to = targetIndex + row * pitch;
      long from = sourceOffset + row * sourceRowStride;
      Arrays.fill(target, to, to + left, 0);
      for (int i = 0; i < columns; i++) {
        target[to + left + i] = source.get(JAVA_FLOAT_UNALIGNED, from + i * 4L);
      }
      Arrays.fill(target, to + left + columns, to + pitch, 0);
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
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      int to = targetIndex + row * targetRowStride;
      for (int i = 0; i < columns; i++) {
        target[to + i] = source.get(JAVA_FLOAT_UNALIGNED, from + 4L * i * stride);
      }
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
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    for (int row = 0; row < rows; row++) {
      long from = sourceOffset + row * sourceRowStride;
      long to = targetOffset + row * targetRowStride;
      for (int i = 0; i < columns; i++) {
        target.set(
            JAVA_FLOAT_UNALIGNED,
            to + 4L * i,
            source.get(JAVA_FLOAT_UNALIGNED, from + 4L * i * stride));
      }
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
      int rowElements,
      MemorySegment target,
      long targetOffset) {
    for (int tap = 0; tap < taps; tap++) {
      long row = targetOffset + 4L * tap * rowElements;
      for (int move = 0; move < moves; move++) {
        int at = tapOffsets[tap] + from[move];
        for (int i = 0; i < length[move]; i++) {
          target.set(JAVA_FLOAT_UNALIGNED, row + 4L * (to[move] + i), source[at + i]);
        }
      }
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
      int row = targetIndex + tap * rowPitch;
      for (int move = 0; move < moves; move++) {
        System.arraycopy(
            source, tapOffsets[tap] + from[move], target, row + to[move], length[move]);
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
    for (int move = 0; move < moves; move++) {
      for (int i = 0; i < length[move]; i++) {
        float sum = 0;
        for (int tap = 0; tap < taps; tap++) {
          sum = Math.fma(weights[weightIndex + tap], source[tapOffsets[tap] + from[move] + i], sum);
        }
        target.set(JAVA_FLOAT_UNALIGNED, targetOffset + 4L * (to[move] + i), sum);
      }
    }
  }
}
