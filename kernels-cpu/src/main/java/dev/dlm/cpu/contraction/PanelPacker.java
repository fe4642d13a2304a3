package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/** Brings columns of a right operand into the order in which tiles read them. */
record PanelPacker(TileSet tiles, StridedProduct.Operand operand) {

  private static final int ROWS_AT_ONCE = 16;

  /**
   * How many steps of depth are best packed for all panels before the next ones: few of rows side
   * by side, which neighboring panels share pages of.
   */
  int stepsAtOnce() {
    return operand.columnStride() == tiles.element().sizeBytes()
        ? ROWS_AT_ONCE
        : DepthBlocks.MAX_LENGTH;
  }

  /**
   * Packs one panel, or a part of its depth.
   *
   * @param targetRowStride from one step of depth to the next, in bytes
   */
  void pack(
      int batch,
      int column,
      int columns,
      int depthStart,
      int depth,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    int elementBytes = tiles.element().sizeBytes();
    long from = operand.at(batch, depthStart, column);
    if (operand.columnStride() == elementBytes) {
      tiles
          .moves()
          .copyRows(
              operand.segment(),
              from,
              operand.rowStride(),
              depth,
              columns * elementBytes,
              target,
              targetOffset,
              targetRowStride);
    } else if (operand.rowStride() == elementBytes) {
      transpose(from, columns, depth, target, targetOffset, targetRowStride);
    } else {
      for (int k = 0; k < depth; k++) {
        // A row whose elements lie apart is the transposition of a column.
        transpose(
            from + k * operand.rowStride(),
            columns,
            1,
            target,
            targetOffset + k * targetRowStride,
            targetRowStride);
      }
    }
  }

  private void transpose(
      long from,
      int columns,
      int depth,
      MemorySegment target,
      long targetOffset,
      long targetRowStride) {
    tiles
        .moves()
        .transpose(
            operand.segment(),
            from,
            operand.columnStride(),
            columns,
            depth,
            target,
            targetOffset,
            targetRowStride,
            tiles.element().sizeBytes());
  }
}
