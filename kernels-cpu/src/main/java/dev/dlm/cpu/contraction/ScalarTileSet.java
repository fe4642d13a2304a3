package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** The scalar twin of {@link VectorTileSet}: tiles eight columns wide, one element at a time. */
final class ScalarTileSet extends TileSet {

  private static final int COLUMNS = 8;
  private static final int MAX_ROWS = 8;
  private static final PanelMoves MOVES = new ScalarMoves();
  private static final ColumnDots DOTS = new ScalarColumnDots();
  private static final PointTransforms TRANSFORMS = new ScalarPointTransforms();

  ScalarTileSet(ElementKind element) {
    super(element, COLUMNS, 1);
  }

  @Override
  PanelMoves moves() {
    return MOVES;
  }

  @Override
  ColumnDots dots() {
    return DOTS;
  }

  @Override
  PointTransforms transforms() {
    return TRANSFORMS;
  }

  @Override
  int maxRows(int vectors) {
    return vectors == 1 ? MAX_ROWS : 0;
  }

  @Override
  TileKernel make(int rows, int vectors, StripLayout layout) {
    return element() == ElementKind.F32
        ? new FloatTile(rows, layout.rowStride(), layout.depthStride())
        : new DoubleTile(rows, layout.rowStride(), layout.depthStride());
  }

  private record FloatTile(int rows, int aRowStride, int aDepthStride) implements TileKernel {

    @Override
    public int run(
        Object a,
        int aIndex,
        MemorySegment b,
        long bOffset,
        long bDepthStride,
        MemorySegment c,
        long cOffset,
        long cRowStride,
        int depth,
        long fetchOffset,
        long fetchStride) {
      float[] strip = (float[]) a;
      for (int row = 0; row < rows; row++) {
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        float sum4 = 0;
        float sum5 = 0;
        float sum6 = 0;
        float sum7 = 0;
        int aAt = aIndex + row * aRowStride;
        long bAt = bOffset;
        for (int k = 0; k < depth; k++) {
          float x = strip[aAt];
          sum0 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt), sum0);
          sum1 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 4), sum1);
          sum2 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 8), sum2);
          sum3 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 12), sum3);
          sum4 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 16), sum4);
          sum5 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 20), sum5);
          sum6 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 24), sum6);
          sum7 = Math.fma(x, b.get(JAVA_FLOAT_UNALIGNED, bAt + 28), sum7);
          aAt += aDepthStride;
          bAt += bDepthStride;
        }
        long cAt = cOffset + row * cRowStride;
        c.set(JAVA_FLOAT_UNALIGNED, cAt, sum0);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 4, sum1);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 8, sum2);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 12, sum3);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 16, sum4);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 20, sum5);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 24, sum6);
        c.set(JAVA_FLOAT_UNALIGNED, cAt + 28, sum7);
      }
      return 0;
    }
  }

  private record DoubleTile(int rows, int aRowStride, int aDepthStride) implements TileKernel {

    @Override
    public int run(
        Object a,
        int aIndex,
        MemorySegment b,
        long bOffset,
        long bDepthStride,
        MemorySegment c,
        long cOffset,
        long cRowStride,
        int depth,
        long fetchOffset,
        long fetchStride) {
      double[] strip = (double[]) a;
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < COLUMNS; column += 4) {
          double sum0 = 0;
          double sum1 = 0;
          double sum2 = 0;
          double sum3 = 0;
          int aAt = aIndex + row * aRowStride;
          long bAt = bOffset + column * 8L;
          for (int k = 0; k < depth; k++) {
            double x = strip[aAt];
            sum0 = Math.fma(x, b.get(JAVA_DOUBLE_UNALIGNED, bAt), sum0);
            sum1 = Math.fma(x, b.get(JAVA_DOUBLE_UNALIGNED, bAt + 8), sum1);
            sum2 = Math.fma(x, b.get(JAVA_DOUBLE_UNALIGNED, bAt + 16), sum2);
            sum3 = Math.fma(x, b.get(JAVA_DOUBLE_UNALIGNED, bAt + 24), sum3);
            aAt += aDepthStride;
            bAt += bDepthStride;
          }
          long cAt = cOffset + row * cRowStride + column * 8L;
          c.set(JAVA_DOUBLE_UNALIGNED, cAt, sum0);
          c.set(JAVA_DOUBLE_UNALIGNED, cAt + 8, sum1);
          c.set(JAVA_DOUBLE_UNALIGNED, cAt + 16, sum2);
          c.set(JAVA_DOUBLE_UNALIGNED, cAt + 24, sum3);
        }
      }
      return 0;
    }
  }
}
