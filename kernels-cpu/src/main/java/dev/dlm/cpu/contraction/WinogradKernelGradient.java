package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * One call of the gradient of a kernel over points: the input is transformed as data, the gradient
 * of the output as kernels of a tile's size, and the sums of their products over all tiles are
 * transformed back to the kernel's taps.
 *
 * <p>Rows of the products are input channels, columns are output channels, and the depth runs over
 * the tiles of the batch. It is cut into blocks of whole rows of tiles; each is transformed first,
 * by tasks of its own, and then multiplied by tasks that take a block of channels each.
 */
final class WinogradKernelGradient {

  private static final int LANES = WinogradShape.LANES;
  private static final int POINTS = PointTransforms.POINTS;
  private static final int BLOCK = WinogradShape.CHANNEL_BLOCK;
  private static final int GROUPS = BLOCK / LANES;

  /** From one point to the next in sums of a block, in elements: no power of two. */
  private static final int SUM_PITCH = BLOCK * BLOCK + LANES;

  private static final int BLOCK_SUMS = WinogradShape.POINTS * SUM_PITCH;

  private final TileSet tiles;
  private final WinogradShape shape;
  private final WinogradImage input;
  private final WinogradImage gradient;
  private final MemorySegment result;
  private final long resultOffset;
  private final int blockRows;
  private final int inputPitch;
  private final int gradientPitch;
  private final WorkerPool.Task transform = this::transform;
  private final WorkerPool.Task multiply = this::multiply;

  /** What the tasks of a run have in common. */
  private WinogradScratch shared = WinogradScratch.NONE;

  private int firstRow;

  /**
   * Binds to memory.
   *
   * @param shape that of the forward convolution
   */
  WinogradKernelGradient(
      TileSet tiles,
      WinogradShape shape,
      MemorySegment x,
      long xOffset,
      MemorySegment dy,
      long dyOffset,
      MemorySegment result,
      long resultOffset) {
    ImageWindow window = shape.window();
    this.tiles = tiles;
    this.shape = shape;
    this.input =
        new WinogradImage(
            x,
            xOffset,
            shape.depth(),
            window.height(),
            window.width(),
            window.padTop(),
            window.padLeft(),
            shape.tileSize(),
            POINTS,
            shape.tilesWide());
    this.gradient =
        new WinogradImage(
            dy,
            dyOffset,
            shape.channels(),
            window.columnsHigh(),
            window.columnsWide(),
            0,
            0,
            shape.tileSize(),
            shape.tileSize(),
            shape.tilesWide());
    this.result = result;
    this.resultOffset = resultOffset;
    this.blockRows = Math.max(1, WinogradShape.DEPTH_BLOCK / shape.tilesWide());
    int blockTiles = Math.min(countRows(), blockRows) * shape.tilesWide();
    this.inputPitch = blockTiles * LANES + LANES;
    this.gradientPitch = blockTiles * BLOCK + LANES;
  }

  private int countRows() {
    return shape.images() * shape.tilesHigh();
  }

  private int inputGroups() {
    return Math.ceilDiv(shape.depth(), LANES);
  }

  private int gradientGroups() {
    return Math.ceilDiv(shape.channels(), LANES);
  }

  private int inputBlocks() {
    return Math.ceilDiv(shape.depth(), BLOCK);
  }

  void runOn(WorkerPool pool) {
    int blocks = inputBlocks() * shape.channelBlocks();
    shared = WinogradScratch.borrow();
    try {
      // Strips are whole blocks, also those at the end.
      shared.needData(inputBlocks() * GROUPS * WinogradShape.POINTS * inputPitch);
      shared.needKernels((long) shape.channelBlocks() * WinogradShape.POINTS * gradientPitch);
      if (countRows() > blockRows) {
        shared.needProducts((long) blocks * BLOCK_SUMS);
      }
      for (firstRow = 0; firstRow < countRows(); firstRow += blockRows) {
        pool.run(inputGroups() + gradientGroups(), transform);
        pool.run(blocks, multiply);
      }
    } finally {
      shared.giveBack();
      shared = WinogradScratch.NONE;
    }
  }

  private int rowEnd() {
    return Math.min(countRows(), firstRow + blockRows);
  }

  /** Transforms a group of channels of the input or of the gradient. */
  private void transform(int group) {
    WinogradScratch scratch = WinogradScratch.borrow();
    try {
      boolean isInput = group < inputGroups();
      WinogradImage image = isInput ? input : gradient;
      int channel = (isInput ? group : group - inputGroups()) * LANES;
      int lanes = Math.min(LANES, image.planes() - channel);
      int row = firstRow;
      while (row < rowEnd()) {
        int imageRow = row % shape.tilesHigh();
        int rows = Math.min(shape.tilesHigh() - imageRow, rowEnd() - row);
        image.prepare(scratch, rows);
        image.load(scratch, tiles.moves(), row / shape.tilesHigh(), channel, lanes, imageRow, rows);
        for (int i = 0; i < rows; i++) {
          int tile = (row - firstRow + i) * shape.tilesWide();
          if (isInput) {
            transformInput(scratch, i, channel / LANES, tile);
          } else {
            transformGradient(scratch, i, channel, tile);
          }
        }
        row += rows;
      }
    } finally {
      scratch.giveBack();
    }
  }

  private void transformInput(WinogradScratch scratch, int row, int group, int tile) {
    int pitch = input.columns() * LANES;
    tiles
        .transforms()
        .data(
            scratch.padded,
            (long) row * shape.tileSize() * pitch,
            pitch,
            LANES,
            input.columns(),
            scratch.lines,
            0,
            pitch,
            LANES);
    for (int point = 0; point < POINTS; point++) {
      tiles
          .transforms()
          .data(
              scratch.lines,
              (long) point * pitch,
              LANES,
              (long) shape.tileSize() * LANES,
              shape.tilesWide(),
              shared.data,
              (group * WinogradShape.POINTS + point * POINTS) * inputPitch + tile * LANES,
              inputPitch,
              LANES);
    }
  }

  private void transformGradient(WinogradScratch scratch, int row, int channel, int tile) {
    int pitch = gradient.columns() * LANES;
    tiles
        .transforms()
        .kernel(
            shape.tileSize(),
            scratch.padded,
            (long) row * shape.tileSize() * pitch,
            pitch,
            LANES,
            gradient.columns(),
            scratch.lines,
            0,
            pitch,
            LANES);
    long to =
        (long) channel / BLOCK * WinogradShape.POINTS * gradientPitch
            + (long) tile * BLOCK
            + channel % BLOCK;
    for (int point = 0; point < POINTS; point++) {
      tiles
          .transforms()
          .kernel(
              shape.tileSize(),
              scratch.lines,
              (long) point * pitch,
              LANES,
              (long) shape.tileSize() * LANES,
              shape.tilesWide(),
              shared.kernels,
              to + (long) point * POINTS * gradientPitch,
              gradientPitch,
              BLOCK);
    }
  }

  private void multiply(int block) {
    WinogradScratch scratch = WinogradScratch.borrow();
    try {
      int inputBlock = block / shape.channelBlocks();
      int channelBlock = block % shape.channelBlocks();
      boolean isWhole = countRows() <= blockRows;
      long sumsIndex = isWhole ? 0 : (long) block * BLOCK_SUMS;
      if (isWhole) {
        scratch.needProducts(BLOCK_SUMS);
      }
      MemorySegment sums = isWhole ? scratch.products : shared.products;
      for (int point = 0; point < WinogradShape.POINTS; point++) {
        multiply(
            scratch,
            inputBlock,
            channelBlock,
            point,
            sums,
            4 * (sumsIndex + (long) point * SUM_PITCH));
      }
      if (rowEnd() == countRows()) {
        finish(scratch, inputBlock, channelBlock, sums, sumsIndex);
      }
    } finally {
      scratch.giveBack();
    }
  }

  private void multiply(
      WinogradScratch scratch,
      int inputBlock,
      int channelBlock,
      int point,
      MemorySegment sums,
      long to) {
    int vectors = tiles.panelVectors();
    int columns = vectors * tiles.lanes();
    int rows = tiles.maxRows(vectors) >= LANES / 2 ? LANES / 2 : LANES / 4;
    TileKernel kernel = tiles.kernel(rows, vectors, StripLayout.BY_DEPTH);
    int rowCount = Math.min(BLOCK, shape.depth() - inputBlock * BLOCK);
    int columnCount = Math.min(BLOCK, shape.channels() - channelBlock * BLOCK);
    int depth = (rowEnd() - firstRow) * shape.tilesWide();
    long with = 4L * (channelBlock * WinogradShape.POINTS + point) * gradientPitch;
    for (int row = 0; row < rowCount; row += rows) {
      int group = inputBlock * GROUPS + row / LANES;
      int from = (group * WinogradShape.POINTS + point) * inputPitch + row % LANES;
      for (int column = 0; column < columnCount; column += columns) {
        long sumsTo = to + 4L * (row * BLOCK + column);
        kernel.run(
            shared.data,
            from,
            shared.kernels,
            with + 4L * column,
            4L * BLOCK,
            firstRow == 0 ? sums : scratch.tile,
            firstRow == 0 ? sumsTo : 0,
            4L * BLOCK,
            depth,
            with + 4L * column,
            0);
        if (firstRow > 0) {
          tiles
              .moves()
              .storeTile(
                  ElementKind.F32,
                  scratch.tile,
                  0,
                  4L * BLOCK,
                  rows,
                  columns,
                  sums,
                  sumsTo,
                  4L * BLOCK,
                  true);
        }
      }
    }
  }

  /** Transforms the sums of a block of channels back and brings them to the result. */
  private void finish(
      WinogradScratch scratch,
      int inputBlock,
      int channelBlock,
      MemorySegment sums,
      long sumsIndex) {
    int taps = shape.taps();
    int kernelTaps = taps * taps;
    int firstInput = inputBlock * BLOCK;
    int inputs = Math.min(BLOCK, shape.depth() - firstInput);
    int linePitch = POINTS * LANES;
    scratch.needLines((long) taps * inputs * linePitch);
    scratch.needPixels((long) inputs * kernelTaps * LANES);
    int channelEnd = Math.min(shape.channels(), (channelBlock + 1) * BLOCK);
    for (int channel = channelBlock * BLOCK; channel < channelEnd; channel += LANES) {
      for (int point = 0; point < POINTS; point++) {
        tiles
            .transforms()
            .results(
                taps,
                sums,
                sumsIndex + (long) point * SUM_PITCH + channel % BLOCK,
                (long) POINTS * SUM_PITCH,
                BLOCK,
                inputs,
                scratch.lines,
                (long) point * LANES,
                (long) inputs * linePitch,
                linePitch);
      }
      for (int row = 0; row < taps; row++) {
        tiles
            .transforms()
            .results(
                taps,
                scratch.lines,
                (long) row * inputs * linePitch,
                LANES,
                linePitch,
                inputs,
                scratch.pixels,
                (long) row * taps * LANES,
                LANES,
                (long) kernelTaps * LANES);
      }
      tiles
          .moves()
          .transpose(
              scratch.pixels,
              0,
              4L * LANES,
              inputs * kernelTaps,
              Math.min(LANES, channelEnd - channel),
              result,
              resultOffset + 4L * kernelTaps * ((long) channel * shape.depth() + firstInput),
              4L * kernelTaps * shape.depth(),
              4);
    }
  }
}
