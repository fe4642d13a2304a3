package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A product of two matrices with any strides. All strides and offsets are bytes. */
final class StridedProduct extends BlockedProduct {

  /** Where an operand lies. */
  record Operand(
      MemorySegment segment, long offset, long batchStride, long rowStride, long columnStride) {

    long at(int batch, int row, int column) {
      return offset + batch * batchStride + row * rowStride + column * columnStride;
    }
  }

  private static final int PACKED_STEPS = 16;

  private final Operand a;
  private final Operand b;
  private final boolean unpacked;
  private final @Nullable PackedMatrix packed;
  private final int elementBytes;

  /**
   * Binds a call.
   *
   * @param unpacked whether whole panels of {@code b} are read where they lie
   * @param packed panels of {@code b} packed beforehand
   */
  StridedProduct(
      TileSet tiles,
      Blocking blocking,
      Operand a,
      Operand b,
      boolean unpacked,
      @Nullable PackedMatrix packed,
      Result result,
      @Nullable TileEpilogue epilogue) {
    super(tiles, blocking, stripLayout(tiles, a), result, epilogue);
    this.a = a;
    this.b = b;
    this.unpacked = unpacked;
    this.packed = packed;
    this.elementBytes = tiles.element().sizeBytes();
  }

  private static StripLayout stripLayout(TileSet tiles, Operand a) {
    return a.rowStride() == tiles.element().sizeBytes() && a.columnStride() != a.rowStride()
        ? StripLayout.BY_DEPTH
        : StripLayout.BY_ROW;
  }

  @Override
  void packStrips(Scratch scratch, int batch, int rowStart, int rowEnd, int depthStart, int depth) {
    // Columns are read a few steps of depth at a time, so that what lies side by side is read
    // together.
    int step = stripLayout() == StripLayout.BY_DEPTH ? PACKED_STEPS : depth;
    for (int start = 0; start < depth; start += step) {
      int steps = Math.min(step, depth - start);
      int to = start * stripLayout().depthStride();
      for (int row = rowStart; row < rowEnd; row += blocking.tileRows()) {
        int rows = Math.min(blocking.tileRows(), rowEnd - row);
        packStrip(scratch.strips, to, a.at(batch, row, depthStart + start), rows, steps);
        to += Scratch.STRIP_PITCH;
      }
    }
  }

  private void packStrip(Object strips, int to, long from, int rows, int depth) {
    if (stripLayout() == StripLayout.BY_DEPTH) {
      copyRows(strips, to, TileSet.DEPTH_PITCH, from, a.columnStride(), depth, rows);
    } else if (a.columnStride() == elementBytes) {
      copyRows(strips, to, TileSet.ROW_PITCH, from, a.rowStride(), rows, depth);
    } else {
      for (int row = 0; row < rows; row++) {
        // A column of single elements, row by row.
        for (int k = 0; k < depth; k++) {
          long at = from + row * a.rowStride() + k * a.columnStride();
          copyRows(strips, to + row * TileSet.ROW_PITCH + k, 0, at, 0, 1, 1);
        }
      }
    }
  }

  private void copyRows(
      Object strips, int to, int pitch, long from, long rowStride, int rows, int columns) {
    PanelMoves moves = tiles.moves();
    if (strips instanceof float[] floats) {
      moves.copyRows(a.segment(), from, rowStride, rows, columns, floats, to, pitch);
    } else {
      moves.copyRows(a.segment(), from, rowStride, rows, columns, (double[]) strips, to, pitch);
    }
  }

  @Override
  void packPanels(
      Scratch scratch, int batch, int columnStart, int columnEnd, int depthStart, int depth) {
    if (packed != null) {
      return;
    }
    int panelColumns = blocking.panelColumns();
    long panelRowBytes = (long) panelColumns * elementBytes;
    int step = b.columnStride() == elementBytes ? PACKED_STEPS : TileSet.DEPTH_BLOCK;
    for (int start = 0; start < depth; start += step) {
      int steps = Math.min(step, depth - start);
      long to = start * panelRowBytes;
      for (int column = columnStart; column < columnEnd; column += panelColumns) {
        int columns = Math.min(panelColumns, columnEnd - column);
        if (!readsWhereItLies(columns)) {
          packPanel(
              scratch.panels, to, panelRowBytes, batch, column, columns, depthStart + start, steps);
        }
        to += panelPitch(depth);
      }
    }
  }

  /** Packs one panel of {@code b} to {@code target}. */
  void packPanel(
      MemorySegment target,
      long targetOffset,
      long targetRowStride,
      int batch,
      int column,
      int columns,
      int depthStart,
      int depth) {
    long from = b.at(batch, depthStart, column);
    if (b.columnStride() == elementBytes) {
      tiles
          .moves()
          .copyRows(
              b.segment(),
              from,
              b.rowStride(),
              depth,
              columns * elementBytes,
              target,
              targetOffset,
              targetRowStride);
    } else if (b.rowStride() == elementBytes) {
      tiles
          .moves()
          .transpose(
              b.segment(),
              from,
              b.columnStride(),
              columns,
              depth,
              target,
              targetOffset,
              targetRowStride,
              elementBytes);
    } else {
      for (int k = 0; k < depth; k++) {
        // A row whose elements lie apart is the transposition of a column.
        tiles
            .moves()
            .transpose(
                b.segment(),
                from + k * b.rowStride(),
                b.columnStride(),
                columns,
                1,
                target,
                targetOffset + k * targetRowStride,
                0,
                elementBytes);
      }
    }
  }

  private boolean readsWhereItLies(int columns) {
    int lanes = tiles.lanes();
    return unpacked
        && (columns == blocking.panelColumns() || columns == blocking.edgeVectors() * lanes);
  }

  @Override
  long unpackedOffset(int batch, int column, int columns, int depthStart, int depth) {
    if (packed != null) {
      return packed.panelOffset(column, depthStart, depth);
    }
    return readsWhereItLies(columns) ? b.at(batch, depthStart, column) : -1;
  }

  @Override
  MemorySegment unpackedPanels() {
    return packed != null ? packed.segment() : b.segment();
  }

  @Override
  long unpackedDepthStride() {
    return packed != null ? (long) blocking.panelColumns() * elementBytes : b.rowStride();
  }
}
