package dev.dlm.cpu.contraction;

import java.util.Objects;

/**
 * How a product of {@code batch} matrices of {@code rows} × {@code columns} over {@code depth} is
 * cut into tiles, and the tiles into blocks that are one task each. No element's value depends on
 * it.
 *
 * <p>Rows fall into strips of {@code tileRows} rows, the last of which have one row less where the
 * rows do not divide: no tile computes rows that do not exist.
 *
 * @param strips how many strips the rows make
 * @param tileRows rows of the taller strips
 * @param tileVectors vectors of a tile
 * @param panelColumns columns of a tile
 * @param edgeVectors vectors of the tiles that end at the last column
 * @param placement where tiles find the panels of the right operand
 * @param groupStrips so many strips go through the whole depth before the next ones: what they add
 *     to stays in the cache
 * @param sweepPanels so many panels meet all strips of a group before the next ones: they stay in
 *     the second cache
 * @param panels how many panels the columns make
 * @param rowBlocks how many blocks the strips make, which differ by one strip at most
 * @param columnBlocks how many blocks the panels make, likewise
 * @param blockBatches how many matrices of the batch a task takes
 */
record Blocking(
    int batch,
    int rows,
    int columns,
    int depth,
    int strips,
    int tileRows,
    int tileVectors,
    int panelColumns,
    int edgeVectors,
    Panels placement,
    int groupStrips,
    int sweepPanels,
    int panels,
    int rowBlocks,
    int columnBlocks,
    int blockBatches) {

  /** Below this many multiplications sharing costs more than it gains. */
  static final long MIN_SHARED_WORK = 1L << 19;

  /** A task of small products, some 40 µs of one core. */
  private static final long SMALL_TASK_WORK = 1L << 21;

  /** A task of large ones: more columns and rows for each packed element. */
  private static final long LARGE_TASK_WORK = 1L << 25;

  /** How many tasks each thread finds at most: they even out what differs from core to core. */
  static final int TASKS_OF_A_THREAD = 4;

  /** A task that takes longer than this, some 0.3 ms, is worth to be divided for that. */
  private static final long LONG_TASK_WORK = 1L << 24;

  /** What it takes to begin a task, in multiplications. */
  private static final long TASK = 1L << 14;

  /** What it takes to pack an element of the left operand, in multiplications of a tile. */
  private static final long ROW_PACKING = 12;

  /** The same for the right operand, whose rows lie side by side. */
  private static final long RIGHT_PACKING = 30;

  /** The same for one whose rows and columns are exchanged on the way. */
  private static final long COLUMN_PACKING = 36;

  /** What it takes to begin and end a round of tasks, in multiplications. */
  private static final long ROUND = 1L << 17;

  /** A right operand of more bytes does not stay in the second cache. */
  static final long CACHED_BYTES = 1L << 20;

  /** The columns of a block, at most: what they add to stays in the second cache for a group. */
  private static final int BLOCK_COLUMNS = 512;

  /**
   * The panels of a sweep, at most: a quarter of the second cache, where strips, results, and the
   * panels that are fetched for the next sweep lie, too.
   */
  private static final int SWEEP_BYTES = 1 << 18;

  /** The same for one step of depth: wider sweeps gain nothing where the depth is small. */
  private static final int SWEEP_ROW_BYTES = 2048;

  /** Where a product finds the panels of its right operand. */
  enum Panels {
    /** In memory, in rows side by side, which share sets of the caches. */
    IN_PLACE(0, 4),
    /** In memory, one panel behind the other, where they were packed a moment ago. */
    PACKED(0, 1),
    /** The same, packed long ago: large ones come from memory, not from the third cache. */
    KEPT(0, 15),
    /** Each task packs what it needs. */
    PACKED_BY_TASK(COLUMN_PACKING, COLUMN_PACKING);

    private final long cached;
    private final long apart;

    /**
     * Describes a place.
     *
     * @param cached what it takes to fetch or pack an element that is in the second cache, for each
     *     group of strips, in multiplications
     * @param apart the same for one beyond the second cache
     */
    Panels(long cached, long apart) {
      this.cached = cached;
      this.apart = apart;
    }
  }

  /** The shape of tiles, before anything is said of blocks. */
  private record Tiling(int strips, int tileRows, int vectors, int panelColumns, int panels) {

    static Tiling of(TileSet tiles, int rows, int columns, boolean wide) {
      int lanes = tiles.lanes();
      int vectors = Math.min(tiles.panelVectors(), columns <= lanes ? 1 : 2);
      int strips = Math.ceilDiv(rows, tiles.maxRows(vectors));
      int tileRows = strips == 0 ? 1 : Math.ceilDiv(rows, strips);
      if (wide && strips == 1) {
        vectors = Math.max(vectors, tiles.maxVectors(tileRows));
        while (vectors > 1 && vectors * lanes > Math.max(lanes, columns)) {
          vectors /= 2;
        }
      }
      int panelColumns = vectors * lanes;
      return new Tiling(
          strips, tileRows, vectors, panelColumns, Math.ceilDiv(columns, panelColumns));
    }

    int panelsWithin(TileSet tiles, int rowBytes) {
      return Math.max(1, rowBytes / (panelColumns * tiles.element().sizeBytes()));
    }

    private int sweepPanels(TileSet tiles, int depth, Panels placement) {
      int rowBytes =
          placement == Panels.PACKED_BY_TASK
              ? Scratch.panelRowBytes(depth)
              : Math.min(SWEEP_ROW_BYTES, SWEEP_BYTES / DepthBlocks.length(depth));
      return panelsWithin(tiles, rowBytes);
    }

    Blocking cut(
        TileSet tiles,
        int batch,
        int rows,
        int columns,
        int depth,
        Panels placement,
        int groupStrips,
        int rowBlocks,
        int columnBlocks,
        int blockBatches) {
      return new Blocking(
          batch,
          rows,
          columns,
          depth,
          strips,
          tileRows,
          vectors,
          panelColumns,
          edgeVectors(tiles, tileRows, vectors, columns % panelColumns),
          placement,
          groupStrips,
          sweepPanels(tiles, depth, placement),
          panels,
          Math.clamp(rowBlocks, 1, Math.max(1, strips)),
          Math.clamp(columnBlocks, 1, Math.max(1, panels)),
          blockBatches);
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
  }

  /**
   * Chooses tiles and blocks for matrices in memory: of all ways to give the threads enough tasks,
   * the one that packs least and leaves no thread idle at the end.
   *
   * @param threads how many share the tasks
   */
  static Blocking ofMatrices(
      TileSet tiles, int batch, int rows, int columns, int depth, Panels placement, int threads) {
    Tiling tiling = Tiling.of(tiles, rows, columns, placement == Panels.IN_PLACE);
    long work = (long) batch * rows * columns * Math.max(1, depth);
    int most =
        threads == 1
            ? 1
            : (int) Math.clamp(work / MIN_SHARED_WORK, 1, TASKS_OF_A_THREAD * (long) threads);
    int tasks = (int) Math.clamp(work / LONG_TASK_WORK, Math.min(threads, most), most);
    Blocking best = null;
    while (true) {
      int ofMatrix = Math.ceilDiv(tasks, Math.max(1, batch));
      for (int across = 1; across <= Math.clamp(tiling.strips(), 1, ofMatrix); across++) {
        int down = Math.max(leastColumnBlocks(columns, depth), Math.ceilDiv(ofMatrix, across));
        int batches = across * down > 1 ? 1 : Math.clamp(batch / tasks, 1, Math.max(1, batch));
        Blocking blocking =
            tiling.cut(
                tiles,
                batch,
                rows,
                columns,
                depth,
                placement,
                Scratch.STRIPS,
                across,
                down,
                batches);
        if (best == null || blocking.cost(threads) < best.cost(threads)) {
          best = blocking;
        }
      }
      if (tasks == most) {
        return Objects.requireNonNull(best);
      }
      tasks = Math.min(most, 2 * tasks);
    }
  }

  /** Where sums are added to, the columns of a block must not be many. */
  private static int leastColumnBlocks(int columns, int depth) {
    return DepthBlocks.count(depth) <= 1 ? 1 : Math.ceilDiv(columns, BLOCK_COLUMNS);
  }

  /** What the thread with most to do does, in multiplications. */
  double cost(int threads) {
    int blockStrips = Math.ceilDiv(strips, rowBlocks);
    long blockRows = (long) blockStrips * tileRows;
    long blockColumns = (long) Math.ceilDiv(panels, columnBlocks) * panelColumns;
    long groups = Math.ceilDiv(blockStrips, groupStrips);
    long fetch = 4L * columns * depth > CACHED_BYTES ? placement.apart : placement.cached;
    double ofDepth =
        (double) blockRows * blockColumns + blockRows * ROW_PACKING + blockColumns * groups * fetch;
    return (ofDepth * depth * blockBatches + TASK) * Math.ceilDiv(tasks(), threads);
  }

  /**
   * What it takes to pack the whole right operand beforehand, in the measure of {@link #cost}.
   *
   * @param transposed whether its columns lie side by side, not its rows
   */
  double packingCost(boolean transposed, int threads) {
    long packing = transposed ? COLUMN_PACKING : RIGHT_PACKING;
    return ROUND + (double) columns * depth * packing / threads;
  }

  /** Chooses tiles and blocks where the right operand is made of images as it is packed. */
  static Blocking ofImages(TileSet tiles, int batch, int rows, int columns, int depth) {
    Tiling tiling = Tiling.of(tiles, rows, columns, false);
    int panels = tiling.panels();
    int strips = tiling.strips();
    int columnBlocks =
        Math.max(1, Math.ceilDiv(panels, tiling.panelsWithin(tiles, Scratch.panelRowBytes(depth))));
    int rowBlocks = 1;
    long work = (long) batch * rows * columns * Math.max(1, depth);
    long wanted =
        Math.max(
            Math.clamp(work / SMALL_TASK_WORK, Math.min(2, work / MIN_SHARED_WORK), 16),
            Math.min(work / LARGE_TASK_WORK, 256));
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
    long blocks = (long) batch * rowBlocks * columnBlocks;
    int blockBatches =
        rowBlocks * columnBlocks > 1
            ? 1
            : (int) Math.clamp(Math.ceilDiv(blocks, Math.max(1, wanted)), 1, Math.max(1, batch));
    return tiling.cut(
        tiles,
        batch,
        rows,
        columns,
        depth,
        Panels.PACKED_BY_TASK,
        Integer.MAX_VALUE,
        rowBlocks,
        columnBlocks,
        blockBatches);
  }

  /** The first row of a strip; for the strip behind the last, the number of rows. */
  int firstRow(int strip) {
    int tallStrips = rows - strips * (tileRows - 1);
    return strip * tileRows - Math.max(0, strip - tallStrips);
  }

  /** The first strip of a block of rows; for the block behind the last, the number of strips. */
  int firstStrip(int rowBlock) {
    return (int) ((long) rowBlock * strips / rowBlocks);
  }

  /** The first column of a block; for the block behind the last, the number of columns. */
  int firstColumn(int columnBlock) {
    return Math.min(columns, (int) ((long) columnBlock * panels / columnBlocks) * panelColumns);
  }

  /**
   * Whether neighbouring tasks have rows in common, not columns. A thread takes neighbouring tasks:
   * so it reads a part of the larger operand only, and that which it wrote itself where that is the
   * result of a product with as many rows or columns.
   */
  private boolean isByRows() {
    return rows >= columns;
  }

  /** The block of rows of a task. */
  int rowBlockOfTask(int task) {
    return isByRows() ? task / columnBlocks % rowBlocks : task % rowBlocks;
  }

  /** The block of columns of a task. */
  int columnBlockOfTask(int task) {
    return isByRows() ? task % columnBlocks : task / rowBlocks % columnBlocks;
  }

  /** The first matrix of a task. */
  int firstBatchOfTask(int task) {
    return task / (rowBlocks * columnBlocks) * blockBatches;
  }

  /** The number of the block of columns that a column belongs to. */
  int columnBlock(int column) {
    int panel = column / panelColumns;
    return Math.ceilDiv((panel + 1) * columnBlocks, panels) - 1;
  }

  /** The columns of a sweep. */
  int sweepColumns() {
    return Math.multiplyExact(sweepPanels, panelColumns);
  }

  int tasks() {
    return Math.multiplyExact(
        Math.ceilDiv(batch, blockBatches), Math.multiplyExact(rowBlocks, columnBlocks));
  }
}
