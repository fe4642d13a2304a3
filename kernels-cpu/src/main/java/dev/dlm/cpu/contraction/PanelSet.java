package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * Columns of a right-hand matrix, cut into panels for tiles of a given height. Packed, one panel
 * stands behind the other, {@link #bytes} in all. Immutable; offsets and strides are bytes.
 */
final class PanelSet {
  private final TileSet tiles;
  private final int columns;
  private final int tileRows;
  private final int vectors;
  private final int edgeVectors;
  private final int panelColumns;

  PanelSet(TileSet tiles, int columns, int tileRows) {
    this.tiles = tiles;
    this.columns = columns;
    this.tileRows = tileRows;
    boolean narrow = columns <= tiles.lanes() && tileRows <= tiles.maxRows(1);
    vectors = narrow ? 1 : tiles.panelVectors();
    panelColumns = vectors * tiles.lanes();
    int edgeColumns = columns % panelColumns;
    boolean halfEdge =
        vectors == 2
            && edgeColumns > 0
            && edgeColumns <= tiles.lanes()
            && tileRows <= tiles.maxRows(1);
    edgeVectors = halfEdge ? 1 : vectors;
  }

  /** The columns, those included that fill up the last panel. */
  int paddedColumns() {
    return Math.ceilDiv(columns, panelColumns) * panelColumns;
  }

  /** What packed panels take. */
  long bytes(int depth) {
    return Math.ceilDiv(columns, panelColumns) * pitch(depth);
  }

  private long rowBytes() {
    return 4L * panelColumns;
  }

  /** From one panel to the next: moves overwrite the slack behind each. */
  private long pitch(int depth) {
    return rowBytes() * depth + Scratch.PANEL_SLACK_BYTES;
  }

  /** Packs a matrix whose columns lie side by side. */
  void packRows(
      MemorySegment source,
      long sourceOffset,
      long sourceRowStride,
      int depth,
      MemorySegment target,
      long targetOffset) {
    long to = targetOffset;
    for (int column = 0; column < columns; column += panelColumns) {
      int width = Math.min(panelColumns, columns - column);
      tiles
          .moves()
          .copyRows(
              source,
              sourceOffset + 4L * column,
              sourceRowStride,
              depth,
              4 * width,
              target,
              to,
              rowBytes());
      to += pitch(depth);
    }
  }

  /** Packs the first columns of a matrix, each of which lies in one piece. */
  void packColumns(
      MemorySegment source,
      long sourceOffset,
      long sourceColumnStride,
      int countColumns,
      int depth,
      MemorySegment target,
      long targetOffset) {
    long to = targetOffset;
    for (int column = 0; column < countColumns; column += panelColumns) {
      int width = Math.min(panelColumns, countColumns - column);
      tiles
          .moves()
          .transpose(
              source,
              sourceOffset + column * sourceColumnStride,
              sourceColumnStride,
              width,
              depth,
              target,
              to,
              rowBytes(),
              4);
      to += pitch(depth);
    }
  }

  /**
   * Multiplies one strip of rows with the first columns; whole panels are written.
   *
   * @param panels where they are packed
   * @param packedDepth the depth that was packed
   * @param depthStart the first step of depth that takes part
   */
  void multiply(
      float[] strips,
      int stripIndex,
      StripLayout layout,
      MemorySegment panels,
      long panelsOffset,
      int packedDepth,
      int depthStart,
      int depth,
      int countColumns,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    TileKernel kernel = tiles.kernel(tileRows, vectors, layout);
    long from = panelsOffset + depthStart * rowBytes();
    for (int column = 0; column < countColumns; column += panelColumns) {
      if (column + panelColumns > columns && edgeVectors < vectors) {
        kernel = tiles.kernel(tileRows, edgeVectors, layout);
      }
      kernel.run(
          strips,
          stripIndex,
          panels,
          from,
          rowBytes(),
          target,
          targetOffset + 4L * column,
          targetRowStride,
          depth,
          from,
          0);
      from += pitch(packedDepth);
    }
  }
}
