package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One call of a convolution over points: at each of the 36 points of a tile the transformed data
 * are multiplied by the transformed kernels, and the sums over the depth are transformed back.
 *
 * <p>Rows of the products are tiles, columns are channels of the result. Where there are fewer
 * kernels than tiles, kernels are transformed first, by tasks of their own; then each task
 * transforms a block of tiles, multiplies it by all of them, and finishes its results while they
 * are in the cache. Otherwise each thread transforms all data for itself, for its part of the
 * channels: a tenth of the work, where fetching from another core's cache what that has transformed
 * takes longer.
 */
final class WinogradProduct {

  private static final int LANES = WinogradShape.LANES;
  private static final int POINTS = PointTransforms.POINTS;
  private static final int TILE_PITCH = WinogradShape.TILE_PITCH;
  private static final int CHANNEL_BLOCK = WinogradShape.CHANNEL_BLOCK;

  private final TileSet tiles;
  private final WinogradShape shape;
  private final WinogradImage image;
  private final WinogradKernels kernels;
  private final MemorySegment result;
  private final long resultOffset;
  private final @Nullable TileEpilogue epilogue;
  private final int blockTiles;
  private final WorkerPool.Task transformKernels = this::transformKernels;
  private final WorkerPool.Task computeTiles = this::computeTiles;
  private final WorkerPool.Task computeChannels = this::computeChannels;

  /** Transformed kernels that are kept from run to run, if they are. */
  private @Nullable MemorySegment kept;

  /** Where kernels are that a run transforms for all its tasks. */
  private WinogradScratch shared = WinogradScratch.NONE;

  /** In how many parts the threads of a run share out the channels. */
  private int channelParts;

  /**
   * Binds to memory.
   *
   * @param byOutput whether channels of the result are the kernel's output channels
   */
  WinogradProduct(
      TileSet tiles,
      WinogradShape shape,
      MemorySegment data,
      long dataOffset,
      MemorySegment kernel,
      long kernelOffset,
      boolean byOutput,
      MemorySegment result,
      long resultOffset,
      @Nullable TileEpilogue epilogue) {
    ImageWindow window = shape.window();
    this.tiles = tiles;
    this.shape = shape;
    this.image =
        new WinogradImage(
            data,
            dataOffset,
            window.channels(),
            window.height(),
            window.width(),
            window.padTop(),
            window.padLeft(),
            shape.tileSize(),
            POINTS,
            shape.tilesWide());
    this.kernels = new WinogradKernels(shape, kernel, kernelOffset, byOutput);
    this.result = result;
    this.resultOffset = resultOffset;
    this.epilogue = epilogue;
    this.blockTiles = shape.blockImages() * shape.blockRows() * shape.tilesWide();
  }

  /**
   * Keeps transformed kernels from run to run.
   *
   * @return transforms them; to be run before the next run and whenever kernels have changed
   */
  Runnable keepKernels(SegmentAllocator memory, WorkerPool pool) {
    int blocks = shape.channelBlocks() * shape.depthBlocks();
    kept = memory.allocate(4L * blocks * WinogradKernels.BLOCK_ELEMENTS, 64);
    return () -> pool.run(blocks, transformKernels);
  }

  void runOn(WorkerPool pool) {
    if (!shape.hasFewKernels()) {
      channelParts = Math.min(pool.threads(), shape.channelBlocks());
      pool.run(channelParts, computeChannels);
      return;
    }
    shared = WinogradScratch.borrow();
    try {
      if (kept == null) {
        int blocks = shape.channelBlocks() * shape.depthBlocks();
        shared.needKernels((long) blocks * WinogradKernels.BLOCK_ELEMENTS);
        pool.run(blocks, transformKernels);
      }
      pool.run(shape.tileBlocks(), computeTiles);
    } finally {
      shared.giveBack();
      shared = WinogradScratch.NONE;
    }
  }

  private void transformKernels(int block) {
    WinogradScratch scratch = WinogradScratch.borrow();
    try {
      kernels.prepare(scratch);
      kernels.transform(
          scratch,
          tiles,
          block / shape.depthBlocks(),
          block % shape.depthBlocks(),
          transformedKernels(),
          (long) block * WinogradKernels.BLOCK_ELEMENTS);
    } finally {
      scratch.giveBack();
    }
  }

  /** All transformed kernels: kept ones, or those of this run. */
  private MemorySegment transformedKernels() {
    return kept != null ? kept : shared.kernels;
  }

  /** All channels of a block of tiles. */
  private void computeTiles(int block) {
    WinogradScratch scratch = WinogradScratch.borrow();
    try {
      scratch.needData(dataElements(blockTiles));
      for (int depthBlock = 0; depthBlock < shape.depthBlocks(); depthBlock++) {
        transformData(scratch, block, depthBlock, 0, blockTiles);
      }
      int count = countTiles(block);
      scratch.needProducts(productElements(blockTiles));
      prepareResults(scratch);
      for (int channelBlock = 0; channelBlock < shape.channelBlocks(); channelBlock++) {
        for (int depthBlock = 0; depthBlock < shape.depthBlocks(); depthBlock++) {
          int kernelBlock = channelBlock * shape.depthBlocks() + depthBlock;
          multiply(
              scratch,
              blockTiles,
              count,
              transformedKernels(),
              (long) kernelBlock * WinogradKernels.BLOCK_ELEMENTS,
              channelBlock,
              depthBlock);
        }
        finish(scratch, block, channelBlock, 0, blockTiles);
      }
    } finally {
      scratch.giveBack();
    }
  }

  /** All tiles of a part of the channels. */
  private void computeChannels(int part) {
    WinogradScratch scratch = WinogradScratch.borrow();
    try {
      scratch.needData(dataElements(shape.tiles()));
      for (int block = 0; block < shape.tileBlocks(); block++) {
        for (int depthBlock = 0; depthBlock < shape.depthBlocks(); depthBlock++) {
          transformData(scratch, block, depthBlock, firstTile(block), shape.tiles());
        }
      }
      scratch.needProducts(productElements(shape.tiles()));
      prepareResults(scratch);
      if (kept == null) {
        scratch.needKernels(WinogradKernels.BLOCK_ELEMENTS);
        kernels.prepare(scratch);
      }
      int blocks = shape.channelBlocks();
      int end = (part + 1) * blocks / channelParts;
      for (int block = part * blocks / channelParts; block < end; block++) {
        computeChannelBlock(scratch, block);
      }
    } finally {
      scratch.giveBack();
    }
  }

  /** All tiles of a block of channels, from data that are transformed. */
  private void computeChannelBlock(WinogradScratch scratch, int channelBlock) {
    for (int depthBlock = 0; depthBlock < shape.depthBlocks(); depthBlock++) {
      if (kept == null) {
        kernels.transform(scratch, tiles, channelBlock, depthBlock, scratch.kernels, 0);
      }
      long block = (long) channelBlock * shape.depthBlocks() + depthBlock;
      multiply(
          scratch,
          shape.tiles(),
          shape.tiles(),
          kept != null ? kept : scratch.kernels,
          kept != null ? block * WinogradKernels.BLOCK_ELEMENTS : 0,
          channelBlock,
          depthBlock);
    }
    for (int block = 0; block < shape.tileBlocks(); block++) {
      finish(scratch, block, channelBlock, firstTile(block), shape.tiles());
    }
  }

  private int firstImage(int block) {
    return block / shape.rowBlocks() * shape.blockImages();
  }

  private int countImages(int block) {
    return Math.min(shape.blockImages(), shape.images() - firstImage(block));
  }

  private int firstRow(int block) {
    return shape.firstRow(block % shape.rowBlocks());
  }

  private int countRows(int block) {
    return shape.firstRow(block % shape.rowBlocks() + 1) - firstRow(block);
  }

  private int countTiles(int block) {
    return countImages(block) * countRows(block) * shape.tilesWide();
  }

  private int firstTile(int block) {
    return firstImage(block) * shape.imageTiles() + firstRow(block) * shape.tilesWide();
  }

  /** From one point to the next in data of so many tiles, in elements: no power of two. */
  private static int dataPitch(int tiles) {
    return tiles * TILE_PITCH + LANES;
  }

  private int dataElements(int tiles) {
    // A strip may reach a few tiles beyond the last.
    return Math.addExact(
        Math.multiplyExact(shape.depthBlocks() * WinogradShape.POINTS, dataPitch(tiles)),
        TileSet.DEPTH_PITCH * TILE_PITCH);
  }

  /** From one point to the next in sums of so many tiles, in elements: no power of two. */
  private static int productPitch(int tiles) {
    return tiles * CHANNEL_BLOCK + LANES;
  }

  private static long productElements(int tiles) {
    return (long) WinogradShape.POINTS * productPitch(tiles) + TileSet.DEPTH_PITCH * CHANNEL_BLOCK;
  }

  /**
   * Transforms the data of a block of tiles, of one block of the depth.
   *
   * @param tile where the first goes among {@code tiles}
   */
  private void transformData(
      WinogradScratch scratch, int block, int depthBlock, int tile, int tiles) {
    int rows = countRows(block);
    image.prepare(scratch, rows);
    int firstChannel = depthBlock * WinogradShape.DEPTH_BLOCK;
    int depth = shape.depthOf(depthBlock);
    int pointPitch = dataPitch(tiles);
    int base = depthBlock * WinogradShape.POINTS * pointPitch;
    for (int i = 0; i < countImages(block); i++) {
      int imageTile = tile + i * rows * shape.tilesWide();
      for (int channel = 0; channel < depth; channel += LANES) {
        image.load(
            scratch,
            this.tiles.moves(),
            firstImage(block) + i,
            firstChannel + channel,
            Math.min(LANES, depth - channel),
            firstRow(block),
            rows);
        for (int row = 0; row < rows; row++) {
          int to = base + (imageTile + row * shape.tilesWide()) * TILE_PITCH + channel;
          transformRow(scratch, row, to, pointPitch);
        }
      }
    }
  }

  private void transformRow(WinogradScratch scratch, int row, int targetIndex, int pointPitch) {
    PointTransforms transforms = tiles.transforms();
    int pitch = image.columns() * LANES;
    transforms.data(
        scratch.padded,
        (long) row * shape.tileSize() * pitch,
        pitch,
        LANES,
        image.columns(),
        scratch.lines,
        0,
        pitch,
        LANES);
    for (int point = 0; point < POINTS; point++) {
      transforms.data(
          scratch.lines,
          (long) point * pitch,
          LANES,
          (long) shape.tileSize() * LANES,
          shape.tilesWide(),
          scratch.data,
          targetIndex + point * POINTS * pointPitch,
          pointPitch,
          TILE_PITCH);
    }
  }

  /**
   * Multiplies data of some tiles by the kernels of one block, for one block of the depth.
   *
   * @param tiles for how many tiles there is room
   * @param count how many there are
   */
  private void multiply(
      WinogradScratch scratch,
      int tiles,
      int count,
      MemorySegment kernels,
      long kernelIndex,
      int channelBlock,
      int depthBlock) {
    int vectors = this.tiles.panelVectors();
    int columns = vectors * this.tiles.lanes();
    int maxRows = this.tiles.maxRows(vectors);
    int rows = Math.ceilDiv(count, Math.ceilDiv(count, maxRows));
    int channels = Math.min(CHANNEL_BLOCK, shape.channels() - channelBlock * CHANNEL_BLOCK);
    TileKernel kernel = this.tiles.kernel(rows, vectors, StripLayout.BY_TILE);
    int depth = shape.depthOf(depthBlock);
    for (int point = 0; point < WinogradShape.POINTS; point++) {
      int from = (depthBlock * WinogradShape.POINTS + point) * dataPitch(tiles);
      long with = 4 * (kernelIndex + (long) point * WinogradKernels.POINT_PITCH);
      long to = 4L * point * productPitch(tiles);
      for (int row = 0; row < count; row += rows) {
        for (int column = 0; column < channels; column += columns) {
          long rowTo = to + 4L * (row * CHANNEL_BLOCK + column);
          // The last strip may hold rows too many: they are overwritten by the next point's, or
          // lie behind the last.
          kernel.run(
              scratch.data,
              from + row * TILE_PITCH,
              kernels,
              with + 4L * column,
              4L * WinogradKernels.ROW_PITCH,
              depthBlock == 0 ? scratch.products : scratch.tile,
              depthBlock == 0 ? rowTo : 0,
              4L * CHANNEL_BLOCK,
              depth,
              with + 4L * column,
              0);
          if (depthBlock > 0) {
            this.tiles
                .moves()
                .storeTile(
                    ElementKind.F32,
                    scratch.tile,
                    0,
                    4L * CHANNEL_BLOCK,
                    Math.min(rows, count - row),
                    columns,
                    scratch.products,
                    rowTo,
                    4L * CHANNEL_BLOCK,
                    true);
          }
        }
      }
    }
  }

  private void prepareResults(WinogradScratch scratch) {
    int rows = shape.blockRows() * shape.tileSize();
    scratch.needPixels((long) (rows * shape.window().columnsWide() + POINTS) * LANES);
    scratch.needLines((long) shape.tileSize() * shape.tilesWide() * POINTS * LANES);
  }

  /** Transforms the sums of a block of tiles and channels back and brings them to the result. */
  private void finish(WinogradScratch scratch, int block, int channelBlock, int tile, int tiles) {
    int firstChannel = channelBlock * CHANNEL_BLOCK;
    int channelEnd = Math.min(shape.channels(), firstChannel + CHANNEL_BLOCK);
    int width = shape.window().columnsWide();
    int pixelStart = firstRow(block) * shape.tileSize() * width;
    int pixelEnd =
        Math.min(
            shape.window().columns(),
            (firstRow(block) + countRows(block)) * shape.tileSize() * width);
    for (int i = 0; i < countImages(block); i++) {
      int image = firstImage(block) + i;
      int imageTile = tile + i * countRows(block) * shape.tilesWide();
      for (int channel = firstChannel; channel < channelEnd; channel += LANES) {
        for (int row = 0; row < countRows(block); row++) {
          int from = (imageTile + row * shape.tilesWide()) * CHANNEL_BLOCK + channel - firstChannel;
          int rowPixel = row * shape.tileSize() * width;
          int pixelRows = Math.min(shape.tileSize(), (pixelEnd - pixelStart - rowPixel) / width);
          finishRow(scratch, from, productPitch(tiles), pixelRows, rowPixel);
        }
        long plane = (long) image * shape.channels() + channel;
        this.tiles
            .moves()
            .transpose(
                scratch.pixels,
                0,
                4L * LANES,
                pixelEnd - pixelStart,
                Math.min(LANES, channelEnd - channel),
                result,
                resultOffset + 4 * (plane * shape.window().columns() + pixelStart),
                4L * shape.window().columns(),
                4);
      }
      if (epilogue != null) {
        epilogue.apply(image, firstChannel, channelEnd, pixelStart, pixelEnd);
      }
    }
  }

  /** Transforms a row of tiles back to rows of pixels. */
  private void finishRow(
      WinogradScratch scratch, int productIndex, int pointPitch, int pixelRows, int pixel) {
    PointTransforms transforms = tiles.transforms();
    int size = shape.tileSize();
    int tilesWide = shape.tilesWide();
    int linePitch = POINTS * LANES;
    for (int point = 0; point < POINTS; point++) {
      transforms.results(
          size,
          scratch.products,
          productIndex + (long) point * pointPitch,
          (long) POINTS * pointPitch,
          CHANNEL_BLOCK,
          tilesWide,
          scratch.lines,
          (long) point * LANES,
          (long) tilesWide * linePitch,
          linePitch);
    }
    for (int row = 0; row < pixelRows; row++) {
      // The last tile may reach beyond the row; the next row overwrites what it leaves there.
      transforms.results(
          size,
          scratch.lines,
          (long) row * tilesWide * linePitch,
          LANES,
          linePitch,
          tilesWide,
          scratch.pixels,
          (long) (pixel + row * shape.window().columnsWide()) * LANES,
          LANES,
          (long) size * LANES);
    }
  }
}
