package dev.dlm.cpu.contraction;

/**
 * How a product of {@code batch} matrices of {@code rows} × {@code columns} over {@code depth} is
 * cut into tiles, and the tiles into blocks that are one task each. Follows from the shape and the
 * vector width alone.
 *
 * @param tileRows rows of a tile
 * @param tileVectors vectors of a tile
 * @param panelColumns columns of a tile
 * @param edgeVectors vectors of the tiles that end at the last column
 * @param blockRows rows of a block, a multiple of {@code tileRows}
 * @param blockColumns columns of a block, a multiple of {@code panelColumns}
 * @param blockBatches how many matrices of the batch a task takes
 */
record Blocking(
    int batch,
    int rows,
    int columns,
    int depth,
    int tileRows,
    int tileVectors,
    int panelColumns,
    int edgeVectors,
    int blockRows,
    int blockColumns,
    int blockBatches) {

  /** Below this many multiplications sharing costs more than it gains. */
  private static final long MIN_SHARED_WORK = 1L << 19;

  /** A task of small products, some 40 µs of one core. */
  private static final long SMALL_TASK_WORK = 1L << 21;

  /** A task of large ones: more columns and rows for each packed element. */
  private static final long LARGE_TASK_WORK = 1L << 25;

  /**
   * Chooses tiles and blocks.
   *
   * @param unpackedColumns whether panels may be read where they lie, which allows wide tiles
   */
  static Blocking of(
      TileSet tiles, int batch, int rows, int columns, int depth, boolean unpackedColumns) {
    int lanes = tiles.lanes();
    int vectors = Math.min(tiles.panelVectors(), columns <= lanes ? 1 : 2);
    int maxRows = tiles.maxRows(vectors);
    int tileRows = Math.max(1, ceilDiv(rows, Math.max(1, ceilDiv(rows, maxRows))));
    if (unpackedColumns && rows == tileRows) {
      vectors = Math.max(vectors, tiles.maxVectors(tileRows));
      while (vectors > 1 && vectors * lanes > Math.max(lanes, columns)) {
        vectors /= 2;
      }
    }
    int panelColumns = vectors * lanes;
    int panelBytes = panelColumns * tiles.element().sizeBytes();
    int panels = ceilDiv(columns, panelColumns);
    int strips = ceilDiv(rows, tileRows);

    int columnBlocks =
        Math.max(1, ceilDiv(panels, Math.max(1, Scratch.PANEL_ROW_BYTES / panelBytes)));
    int rowBlocks = 1;
    long work = (long) batch * rows * columns * Math.max(1, depth);
    long wanted = wantedTasks(work);
    boolean divisible = true;
    while (divisible && 2L * batch * rowBlocks * columnBlocks <= wanted) {
      boolean rowsDivide = 2 * rowBlocks <= strips;
      boolean columnsDivide = 2 * columnBlocks <= panels;
      divisible = rowsDivide || columnsDivide;
      if (rowsDivide && (!columnsDivide || rows / rowBlocks >= columns / columnBlocks)) {
        rowBlocks *= 2;
      } else if (columnsDivide) {
        columnBlocks *= 2;
      }
    }
    int blockRows = Math.max(1, ceilDiv(strips, rowBlocks)) * tileRows;
    int blockColumns = Math.max(1, ceilDiv(panels, columnBlocks)) * panelColumns;
    long blocks = (long) batch * rowBlocks * columnBlocks;
    int blockBatches =
        rowBlocks * columnBlocks > 1
            ? 1
            : (int) Math.clamp(ceilDiv(blocks, Math.max(1, wanted)), 1, Math.max(1, batch));
    return new Blocking(
        batch,
        rows,
        columns,
        depth,
        tileRows,
        vectors,
        panelColumns,
        edgeVectors(tiles, tileRows, vectors, columns % panelColumns),
        blockRows,
        blockColumns,
        blockBatches);
  }

  private static long wantedTasks(long work) {
    return Math.max(
        Math.clamp(work / SMALL_TASK_WORK, Math.min(2, work / MIN_SHARED_WORK), 16),
        Math.min(work / LARGE_TASK_WORK, 256));
  }

  private static int edgeVectors(TileSet tiles, int tileRows, int vectors, int edgeColumns) {
    int edge = vectors;
    while (edge > 1
        && edgeColumns > 0
        && edge / 2 * tiles.lanes() >= edgeColumns
        && tileRows <= tiles.maxRows(edge / 2)) {
      edge /= 2;
    }
    return edge;
  }

  int rowBlocks() {
    return ceilDiv(rows, blockRows);
  }

  int columnBlocks() {
    return ceilDiv(columns, blockColumns);
  }

  int tasks() {
    return Math.multiplyExact(
        ceilDiv(batch, blockBatches), Math.multiplyExact(rowBlocks(), columnBlocks()));
  }

  private static int ceilDiv(int dividend, int divisor) {
    return Math.ceilDiv(dividend, divisor);
  }

  private static long ceilDiv(long dividend, long divisor) {
    return Math.ceilDiv(dividend, divisor);
  }
}
