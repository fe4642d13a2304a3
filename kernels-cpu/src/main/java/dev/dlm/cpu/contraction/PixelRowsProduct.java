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
 * <p>Each thread packs all pixels for itself and computes its part of the panels of channels, one
 * after the other: it packs in less time than it would take to fetch from another core's cache what
 * that has packed. The sums of a panel are transposed to the result.
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
  private final int blockDepth;
  private final PixelMatrix image;
  private final PackedMatrix kernel;
  private final MemorySegment result;
  private final long resultOffset;
  private final @Nullable TileEpilogue epilogue;
  private final WorkerPool.Task computePart = this::computePart;

  /** In how many parts the threads of a run share out the panels. */
  private int parts;

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
    this.blockDepth = DepthBlocks.length(kernel.depth());
    this.strips = Math.ceilDiv(pixels, tiles.maxRows(vectors));
  }

  /** Whether an image has as few pixels as this is made for. */
  static boolean serves(int pixels) {
    return pixels >= MIN_PIXELS && pixels <= MAX_PIXELS;
  }

  void runOn(WorkerPool pool) {
    parts = Math.min(pool.threads(), kernel.panels());
    pool.run(parts, computePart);
  }

  private void computePart(int part) {
    WinogradScratch packed = WinogradScratch.borrow();
    try {
      packed.needData(Math.multiplyExact(strips * DEPTH_PITCH, kernel.depth()));
      for (int start = 0; start < kernel.depth(); start += blockDepth) {
        for (int strip = 0; strip < strips; strip++) {
          packStrip(strip, start, packed.data);
        }
      }
      int end = (part + 1) * kernel.panels() / parts;
      for (int panel = part * kernel.panels() / parts; panel < end; panel++) {
        computePanel(panel, packed.data);
      }
    } finally {
      packed.giveBack();
    }
  }

  private int firstRow(int strip) {
    return strip * pixels / strips;
  }

  private int depthOf(int depthStart) {
    return Math.min(blockDepth, kernel.depth() - depthStart);
  }

  private int stripIndex(int strip, int depthStart) {
    return (depthStart * strips + strip * depthOf(depthStart)) * DEPTH_PITCH;
  }

  /** Packs the pixels of one strip for one block of depth. */
  private void packStrip(int strip, int depthStart, float[] packed) {
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
            packed,
            stripIndex(strip, depthStart),
            DEPTH_PITCH);
  }

  private void computePanel(int panel, float[] packed) {
    int column = panel * kernel.panelColumns();
    int columns = Math.min(kernel.panelColumns(), kernel.columns() - column);
    long rowBytes = 4L * kernel.panelColumns();
    Scratch scratch = Scratch.borrow(ElementKind.F32);
    try {
      int depthStart = 0;
      do {
        multiply(scratch, packed, column, depthStart, rowBytes);
        depthStart += blockDepth;
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
  private void multiply(
      Scratch scratch, float[] packed, int column, int depthStart, long rowBytes) {
    int depth = depthOf(depthStart);
    long panel = kernel.panelOffset(column, depthStart, depth);
    boolean first = depthStart == 0;
    for (int strip = 0; strip < strips; strip++) {
      int row = firstRow(strip);
      int rows = firstRow(strip + 1) - row;
      tiles
          .kernel(rows, vectors, StripLayout.BY_DEPTH)
          .run(
              packed,
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
