package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The product of a convolution's kernel and one image of few pixels, with pixels as rows of tiles
 * and channels of the result as columns: channels fill vectors where pixels would not, and each
 * element of the kernel is read once, from memory that all strips of pixels share. Sums are in the
 * order of {@link MatrixProduct}.
 *
 * <p>A task computes all pixels of one panel of channels and transposes them to the result.
 */
final class PixelRowsProduct {

  /** More pixels than these reuse kernels enough as they are. */
  private static final int MAX_PIXELS = 256;

  /** With fewer, tiles have few rows and wait for the kernel. */
  private static final int MIN_PIXELS = 8;

  private static final int DEPTH_PITCH = TileSet.DEPTH_PITCH;

  private final TileSet tiles;
  private final int pixels;
  private final int strips;
  private final int vectors;
  private final PixelMatrix image;
  private final PackedMatrix kernel;
  private final MemorySegment result;
  private final long resultOffset;
  private final @Nullable TileEpilogue epilogue;
  private final WorkerPool.Task packStrip = this::packStrip;
  private final WorkerPool.Task computePanel = this::computePanel;

  /** What the tasks of a run have in common. */
  private WinogradScratch shared = WinogradScratch.NONE;

  /**
   * Binds to memory.
   *
   * @param image gathered before each run
   * @param kernel packed with a column for each channel of the result
   */
  PixelRowsProduct(
      TileSet tiles,
      int pixels,
      PixelMatrix image,
      PackedMatrix kernel,
      MemorySegment result,
      long resultOffset,
      @Nullable TileEpilogue epilogue) {
    this.tiles = tiles;
    this.pixels = pixels;
    this.image = image;
    this.kernel = kernel;
    this.result = result;
    this.resultOffset = resultOffset;
    this.epilogue = epilogue;
    this.vectors = kernel.panelColumns() / tiles.lanes();
    this.strips = Math.ceilDiv(pixels, tiles.maxRows(vectors));
  }

  /** Whether an image has as few pixels as this is made for. */
  static boolean serves(int pixels) {
    return pixels >= MIN_PIXELS && pixels <= MAX_PIXELS;
  }

  void runOn(WorkerPool pool) {
    shared = WinogradScratch.borrow();
    try {
      shared.needData(Math.multiplyExact(strips * DEPTH_PITCH, kernel.depth()));
      pool.run(strips * Math.ceilDiv(kernel.depth(), TileSet.DEPTH_BLOCK), packStrip);
      pool.run(kernel.panels(), computePanel);
    } finally {
      shared.giveBack();
      shared = WinogradScratch.NONE;
    }
  }

  private int firstRow(int strip) {
    return strip * pixels / strips;
  }

  private int depthOf(int depthStart) {
    return Math.min(TileSet.DEPTH_BLOCK, kernel.depth() - depthStart);
  }

  private int stripIndex(int strip, int depthStart) {
    return (depthStart * strips + strip * depthOf(depthStart)) * DEPTH_PITCH;
  }

  /** Packs the pixels of one strip for one block of depth. */
  private void packStrip(int task) {
    int depthStart = task / strips * TileSet.DEPTH_BLOCK;
    int strip = task % strips;
    int row = firstRow(strip);
    long rowBytes = 4 * image.layout().rowStride();
    tiles
        .moves()
        .copyRows(
            image.segment(),
            image.offset() + depthStart * rowBytes + 4L * row,
            rowBytes,
            depthOf(depthStart),
            firstRow(strip + 1) - row,
            shared.data,
            stripIndex(strip, depthStart),
            DEPTH_PITCH);
  }

  private void computePanel(int panel) {
    int column = panel * kernel.panelColumns();
    int columns = Math.min(kernel.panelColumns(), kernel.columns() - column);
    long rowBytes = 4L * kernel.panelColumns();
    Scratch scratch = Scratch.borrow(ElementKind.F32);
    try {
      int depthStart = 0;
      do {
        multiply(scratch, column, depthStart, rowBytes);
        depthStart += TileSet.DEPTH_BLOCK;
      } while (depthStart < kernel.depth());
      tiles
          .moves()
          .transpose(
              scratch.panels,
              0,
              rowBytes,
              pixels,
              columns,
              result,
              resultOffset + 4L * column * pixels,
              4L * pixels,
              4);
    } finally {
      scratch.giveBack();
    }
    if (epilogue != null) {
      epilogue.apply(0, column, column + columns, 0, pixels);
    }
  }

  /** Adds the products of one block of depth to the sums of all pixels. */
  private void multiply(Scratch scratch, int column, int depthStart, long rowBytes) {
    int depth = depthOf(depthStart);
    long panel = kernel.panelOffset(column, depthStart, depth);
    boolean first = depthStart == 0;
    for (int strip = 0; strip < strips; strip++) {
      int row = firstRow(strip);
      int rows = firstRow(strip + 1) - row;
      tiles
          .kernel(rows, vectors, StripLayout.BY_DEPTH)
          .run(
              shared.data,
              stripIndex(strip, depthStart),
              kernel.segment(),
              panel,
              rowBytes,
              first ? scratch.panels : scratch.tile,
              first ? row * rowBytes : 0,
              rowBytes,
              depth,
              panel,
              0);
      if (!first) {
        tiles
            .moves()
            .storeTile(
                ElementKind.F32,
                scratch.tile,
                0,
                rowBytes,
                rows,
                kernel.panelColumns(),
                scratch.panels,
                row * rowBytes,
                rowBytes,
                true);
      }
    }
  }
}
