package dev.dlm.cpu.contraction;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One call of a product that is computed block by block. Subclasses say how operands are packed.
 *
 * <p>A task takes its strips of rows in groups, and goes with each group through the {@link
 * DepthBlocks}. In each it packs the strips, if the group is small enough to keep them, and sweeps
 * over its columns: of a sweep it packs the panels where they are not packed, which then meet strip
 * by strip.
 *
 * <p>Columns may fall into spans of equal length that lie apart, as the pixels of several images
 * do.
 */
abstract class BlockedProduct implements WorkerPool.Task {

  /** An epilogue is called for about this many elements, at the end of a strip. */
  private static final int EPILOGUE_ELEMENTS = 8192;

  /**
   * Strips of a group that fetch panels for the next sweep. Fewer ones wait longer for what they
   * fetch than the next sweep's first strip would, for which the processor fetches in time itself
   * most of what lies in the order of memory.
   */
  private static final int MIN_FETCHING_STRIPS = 8;

  /**
   * Where the result lies, in bytes.
   *
   * @param span how many columns lie side by side
   * @param spanStride from one span of columns to the next
   */
  record Result(
      MemorySegment segment,
      long offset,
      long batchStride,
      long rowStride,
      int span,
      long spanStride) {}

  final TileSet tiles;
  final Blocking blocking;
  final Result result;
  private final StripLayout stripLayout;
  private final @Nullable TileEpilogue epilogue;
  private final int elementBytes;

  BlockedProduct(
      TileSet tiles,
      Blocking blocking,
      StripLayout stripLayout,
      Result result,
      @Nullable TileEpilogue epilogue) {
    this.tiles = tiles;
    this.blocking = blocking;
    this.stripLayout = stripLayout;
    this.result = result;
    this.epilogue = epilogue;
    elementBytes = tiles.element().sizeBytes();
  }

  /**
   * Packs some strips, at most {@link Scratch#STRIPS}, into {@link Scratch#strips}, in this
   * product's strip layout.
   */
  abstract void packStrips(
      Scratch scratch, int batch, int stripStart, int stripEnd, int depthStart, int depth);

  /**
   * Packs columns into {@link Scratch#panels}, one panel behind the other, except those that {@link
   * #unpackedOffset} finds.
   */
  abstract void packPanels(
      Scratch scratch, int batch, int columnStart, int columnEnd, int depthStart, int depth);

  /** From one packed panel to the next, in bytes: moves overwrite the slack behind each. */
  final long panelPitch(int depth) {
    return (long) blocking.panelColumns() * elementBytes * depth + Scratch.PANEL_SLACK_BYTES;
  }

  /** Where the panel lies that need not be packed, or −1. */
  long unpackedOffset(int batch, int column, int columns, int depthStart, int depth) {
    return -1;
  }

  /**
   * Where, in the same memory, the panel lies that takes this one's place when this sweep over
   * columns is done, if it is as deep; otherwise −1.
   *
   * @param sweepStart the first column of the sweep
   */
  long followingOffset(int sweepStart, int column, int depthStart, int depth) {
    return -1;
  }

  /** The memory of panels that need not be packed. */
  MemorySegment unpackedPanels() {
    return MemorySegment.NULL;
  }

  /** From one step of depth to the next in panels that need not be packed, in bytes. */
  long unpackedDepthStride() {
    return 0;
  }

  /** Whether {@link #computeRows} takes the place of panels and tiles. */
  boolean hasFewRows() {
    return false;
  }

  /** Computes a block for one block of depth where packing would cost more than it gains. */
  void computeRows(
      Scratch scratch,
      int batch,
      int rowStart,
      int rowEnd,
      int columnStart,
      int columnEnd,
      int depthStart,
      int depth) {
    throw new InternalException("this product has no path for few rows");
  }

  /** The depth of one product of the batch. */
  int depth(int batch) {
    return blocking.depth();
  }

  /** Calls the epilogue for a finished block. */
  void finish(
      TileEpilogue epilogue, int batch, int rowStart, int rowEnd, int columnStart, int columnEnd) {
    epilogue.apply(batch, rowStart, rowEnd, columnStart, columnEnd);
  }

  void runOn(WorkerPool pool) {
    pool.run(blocking.tasks(), this);
  }

  @Override
  public final void run(int task) {
    int rowBlock = blocking.rowBlockOfTask(task);
    int columnBlock = blocking.columnBlockOfTask(task);
    int batchStart = blocking.firstBatchOfTask(task);
    int batchEnd = Math.min(blocking.batch(), batchStart + blocking.blockBatches());
    int stripStart = blocking.firstStrip(rowBlock);
    int stripEnd = blocking.firstStrip(rowBlock + 1);
    int columnStart = blocking.firstColumn(columnBlock);
    int columnEnd = blocking.firstColumn(columnBlock + 1);
    Scratch scratch = Scratch.borrow(tiles.element());
    try {
      int group = blocking.groupStrips();
      for (int batch = batchStart; batch < batchEnd; batch++) {
        int strip = stripStart;
        while (strip < stripEnd) {
          int end = stripEnd - strip > group ? strip + group : stripEnd;
          computeBlock(scratch, batch, strip, end, columnStart, columnEnd);
          strip = end;
        }
      }
    } finally {
      scratch.giveBack();
    }
  }

  private void computeBlock(
      Scratch scratch, int batch, int stripStart, int stripEnd, int columnStart, int columnEnd) {
    int wholeDepth = depth(batch);
    int blockDepth = DepthBlocks.length(wholeDepth);
    int sweepColumns = blocking.sweepColumns();
    int depthStart = 0;
    do {
      int depth = Math.min(blockDepth, wholeDepth - depthStart);
      boolean last = depthStart + depth == wholeDepth;
      if (hasFewRows()) {
        int rowStart = blocking.firstRow(stripStart);
        int rowEnd = blocking.firstRow(stripEnd);
        computeRows(scratch, batch, rowStart, rowEnd, columnStart, columnEnd, depthStart, depth);
        if (last && epilogue != null) {
          finish(epilogue, batch, rowStart, rowEnd, columnStart, columnEnd);
        }
      } else {
        if (keepsStrips(stripStart, stripEnd)) {
          packStrips(scratch, batch, stripStart, stripEnd, depthStart, depth);
        }
        int column = columnStart;
        while (column < columnEnd) {
          int end = columnEnd - column > sweepColumns ? column + sweepColumns : columnEnd;
          packPanels(scratch, batch, column, end, depthStart, depth);
          computeStrips(scratch, batch, stripStart, stripEnd, column, end, depthStart, depth, last);
          column = end;
        }
      }
      depthStart += depth;
    } while (depthStart < wholeDepth);
  }

  /** Whether strips are packed once for all columns, and not anew for each sweep. */
  private static boolean keepsStrips(int stripStart, int stripEnd) {
    return stripEnd - stripStart <= Scratch.STRIPS;
  }

  private void computeStrips(
      Scratch scratch,
      int batch,
      int stripStart,
      int stripEnd,
      int columnStart,
      int columnEnd,
      int depthStart,
      int depth,
      boolean last) {
    int finished = blocking.firstRow(stripStart);
    for (int strip = stripStart; strip < stripEnd; strip++) {
      boolean isFirst = (strip - stripStart) % Scratch.STRIPS == 0;
      if (isFirst && !keepsStrips(stripStart, stripEnd)) {
        int end = Math.min(stripEnd, strip + Scratch.STRIPS);
        packStrips(scratch, batch, strip, end, depthStart, depth);
      }
      computeStrip(
          scratch, strip, stripStart, stripEnd, batch, columnStart, columnEnd, depthStart, depth);
      int done = blocking.firstRow(strip + 1);
      if (last
          && epilogue != null
          && (strip + 1 == stripEnd
              || (done - finished) * (columnEnd - columnStart) >= EPILOGUE_ELEMENTS)) {
        finish(epilogue, batch, finished, done, columnStart, columnEnd);
        finished = done;
      }
    }
  }

  /**
   * Computes the tiles of a strip of a group. Together the group's strips fetch the panels of the
   * next sweep, each its share, where they are enough to share it.
   */
  private void computeStrip(
      Scratch scratch,
      int strip,
      int stripStart,
      int stripEnd,
      int batch,
      int columnStart,
      int columnEnd,
      int depthStart,
      int depth) {
    int row = blocking.firstRow(strip);
    int rows = blocking.firstRow(strip + 1) - row;
    int panelColumns = blocking.panelColumns();
    long panelRowBytes = (long) panelColumns * elementBytes;
    long fetchStride = panelRowBytes / (stripEnd - stripStart);
    long fetchedBefore = (strip - stripStart) * depth * fetchStride;
    long packedOffset = 0;
    for (int column = columnStart; column < columnEnd; column += panelColumns) {
      int columns = Math.min(panelColumns, columnEnd - column);
      int vectors = columns < panelColumns ? blocking.edgeVectors() : blocking.tileVectors();
      long unpacked = unpackedOffset(batch, column, columns, depthStart, depth);
      long panelOffset = unpacked >= 0 ? unpacked : packedOffset;
      long following =
          stripEnd - stripStart < MIN_FETCHING_STRIPS
              ? -1
              : followingOffset(columnStart, column, depthStart, depth);
      computeTile(
          tiles.kernel(rows, vectors, stripLayout),
          scratch,
          (strip - stripStart) % Scratch.STRIPS * Scratch.STRIP_PITCH,
          unpacked >= 0 ? unpackedPanels() : scratch.panels,
          panelOffset,
          unpacked >= 0 ? unpackedDepthStride() : panelRowBytes,
          following >= 0 ? following + fetchedBefore : panelOffset,
          following >= 0 ? fetchStride : 0,
          batch,
          row,
          rows,
          column,
          columns,
          columns == vectors * tiles.lanes(),
          depth,
          depthStart > 0);
      if (unpacked < 0) {
        packedOffset += panelPitch(depth);
      }
    }
  }

  private void computeTile(
      TileKernel kernel,
      Scratch scratch,
      int stripIndex,
      MemorySegment panel,
      long panelOffset,
      long panelDepthStride,
      long fetchOffset,
      long fetchStride,
      int batch,
      int row,
      int rows,
      int column,
      int columns,
      boolean wholeVectors,
      int depth,
      boolean accumulate) {
    long to = result.offset() + batch * result.batchStride() + row * result.rowStride();
    int inSpan = column % result.span();
    long spanTo = to + column / result.span() * result.spanStride() + (long) inSpan * elementBytes;
    boolean inPlace = !accumulate && wholeVectors && inSpan + columns <= result.span();
    long tileRowStride = (long) blocking.panelColumns() * elementBytes;
    scratch.fetched =
        kernel.run(
            scratch.strips,
            stripIndex,
            panel,
            panelOffset,
            panelDepthStride,
            inPlace ? result.segment() : scratch.tile,
            inPlace ? spanTo : 0,
            inPlace ? result.rowStride() : tileRowStride,
            depth,
            fetchOffset,
            fetchStride);
    if (!inPlace) {
      store(scratch.tile, tileRowStride, batch, row, rows, column, columns, accumulate);
    }
  }

  /**
   * Brings rows of sums to where they belong in the result.
   *
   * @param accumulate whether to add to what the result holds
   */
  final void store(
      MemorySegment sums,
      long sumsRowStride,
      int batch,
      int row,
      int rows,
      int column,
      int columns,
      boolean accumulate) {
    long to = result.offset() + batch * result.batchStride() + row * result.rowStride();
    int done = 0;
    while (done < columns) {
      int inSpan = (column + done) % result.span();
      int piece = Math.min(columns - done, result.span() - inSpan);
      tiles
          .moves()
          .storeTile(
              tiles.element(),
              sums,
              (long) done * elementBytes,
              sumsRowStride,
              rows,
              piece,
              result.segment(),
              to
                  + (column + done) / result.span() * result.spanStride()
                  + (long) inSpan * elementBytes,
              result.rowStride(),
              accumulate);
      done += piece;
    }
  }

  final StripLayout stripLayout() {
    return stripLayout;
  }
}
