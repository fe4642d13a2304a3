package dev.dlm.cpu.contraction;

/**
 * How a strip of rows lies when a {@link TileKernel} reads it. By row and by depth are plain copies
 * of memory: the one of row-major operands, the other of column-major ones.
 */
enum StripLayout {
  /** Row after row, each along the depth. */
  BY_ROW(TileSet.ROW_PITCH, 1),
  /** One short row for each step of depth, holding that step's element of every row. */
  BY_DEPTH(1, TileSet.DEPTH_PITCH),
  /** Row after row as in {@link #BY_ROW}, for the depth of convolutions over points. */
  BY_TILE(WinogradShape.TILE_PITCH, 1);

  private final int rowStride;
  private final int depthStride;

  StripLayout(int rowStride, int depthStride) {
    this.rowStride = rowStride;
    this.depthStride = depthStride;
  }

  /** From one row to the next, in elements. */
  int rowStride() {
    return rowStride;
  }

  /** From one step of depth to the next, in elements. */
  int depthStride() {
    return depthStride;
  }
}
