package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * The gradient of a convolution's kernel as a product: rows are input channels and taps, columns
 * are output channels, and the depth runs over the pixels of the batch. The batch is cut into
 * parts, which together with the groups of channels are the product's batch; their sums are folded
 * at the end.
 */
final class KernelGradientProduct extends BlockedProduct {

  /** With so many elements in the result, blocks of it are enough to share out. */
  private static final int ELEMENTS_OF_ONE_PART = 1 << 18;

  private static final int MAX_PARTS = 16;

  /** The least depth of a part; like the number of parts, it is part of the meaning. */
  private static final int MIN_PART_DEPTH = 1536;

  private static final int FOLDED_ROWS = 64;

  private final ConvolutionShape shape;
  private final ImageWindow window;
  private final MemorySegment input;
  private final long inputOffset;
  private final MemorySegment gradient;
  private final long gradientOffset;
  private final int partImages;
  private final MemorySegment target;
  private final long targetOffset;
  private final WorkerPool.Task fold = this::fold;

  KernelGradientProduct(
      TileSet tiles,
      Blocking blocking,
      ConvolutionShape shape,
      MemorySegment input,
      long inputOffset,
      MemorySegment gradient,
      long gradientOffset,
      Result parts,
      MemorySegment target,
      long targetOffset) {
    super(tiles, blocking, StripLayout.BY_ROW, parts, null);
    this.shape = shape;
    this.window = ImageWindow.overInput(shape);
    this.input = input;
    this.inputOffset = inputOffset;
    this.gradient = gradient;
    this.gradientOffset = gradientOffset;
    this.partImages = partImages(shape);
    this.target = target;
    this.targetOffset = targetOffset;
  }

  /** How many images each part of the batch has; the last may have fewer. */
  static int partImages(ConvolutionShape shape) {
    long elements = Math.max(1, (long) shape.outputChannels() * shape.groupInputs() * shape.taps());
    long depth = (long) shape.batch() * shape.outputPixels();
    long wanted = Math.clamp(Math.ceilDiv(ELEMENTS_OF_ONE_PART, elements), 1, MAX_PARTS);
    long parts = Math.clamp(depth / MIN_PART_DEPTH, 1, wanted);
    return Math.max(1, (int) Math.ceilDiv(shape.batch(), parts));
  }

  static int parts(ConvolutionShape shape) {
    return Math.ceilDiv(shape.batch(), partImages(shape));
  }

  private int firstImage(int batch) {
    return batch / shape.groups() * partImages;
  }

  private int group(int batch) {
    return batch % shape.groups();
  }

  @Override
  int depth(int batch) {
    return Math.min(partImages, shape.batch() - firstImage(batch)) * shape.outputPixels();
  }

  @Override
  void packStrips(
      Scratch scratch, int batch, int stripStart, int stripEnd, int depthStart, int depth) {
    int rowStart = blocking.firstRow(stripStart);
    int rowEnd = blocking.firstRow(stripEnd);
    ImageSlab slab = scratch.slab;
    int firstChannel = group(batch) * shape.groupInputs();
    int columnStart = firstImage(batch) * window.columns() + depthStart;
    slab.fill(
        window,
        tiles.moves(),
        input,
        inputOffset,
        columnStart,
        columnStart + depth,
        firstChannel + rowStart / window.taps(),
        firstChannel + Math.ceilDiv(rowEnd, window.taps()));
    slab.findMoves(columnStart, columnStart, columnStart + depth, tiles.moves().moveWidth());
    int to = 0;
    for (int strip = stripStart; strip < stripEnd; strip++) {
      int row = blocking.firstRow(strip);
      int rows = blocking.firstRow(strip + 1) - row;
      slab.findTaps(firstChannel, row, rows);
      slab.packStrip(tiles.moves(), rows, (float[]) scratch.strips, to);
      to += Scratch.STRIP_PITCH;
    }
  }

  @Override
  void packPanels(
      Scratch scratch, int batch, int columnStart, int columnEnd, int depthStart, int depth) {
    int pixels = shape.outputPixels();
    long panelRowBytes = 4L * blocking.panelColumns();
    long to = 0;
    for (int column = columnStart; column < columnEnd; column += blocking.panelColumns()) {
      int columns = Math.min(blocking.panelColumns(), columnEnd - column);
      int channel = group(batch) * shape.groupOutputs() + column;
      int done = 0;
      while (done < depth) {
        int image = firstImage(batch) + (depthStart + done) / pixels;
        int pixel = (depthStart + done) % pixels;
        int length = Math.min(pixels - pixel, depth - done);
        long from = ((long) image * shape.outputChannels() + channel) * pixels + pixel;
        tiles
            .moves()
            .transpose(
                gradient,
                gradientOffset + 4 * from,
                4L * pixels,
                columns,
                length,
                scratch.panels,
                to + done * panelRowBytes,
                panelRowBytes,
                4);
        done += length;
      }
      to += panelPitch(depth);
    }
  }

  /** Computes all parts, adds them in order and brings the sums into the kernel's order. */
  @Override
  void runOn(WorkerPool pool) {
    super.runOn(pool);
    pool.run(shape.groups() * foldedBlocks(), fold);
  }

  private int foldedBlocks() {
    return Math.ceilDiv(blocking.rows(), FOLDED_ROWS);
  }

  private void fold(int task) {
    int rows = blocking.rows();
    int group = task / foldedBlocks();
    int rowStart = task % foldedBlocks() * FOLDED_ROWS;
    int rowEnd = Math.min(rows, rowStart + FOLDED_ROWS);
    for (int column = 0; column < blocking.columns(); column++) {
      long to =
          targetOffset + 4L * ((long) group * blocking.columns() + column) * rows + 4L * rowStart;
      for (int row = rowStart; row < rowEnd; row++) {
        target.set(JAVA_FLOAT_UNALIGNED, to, sumOfParts(group, row, column));
        to += 4;
      }
    }
  }

  private float sumOfParts(int group, int row, int column) {
    long at =
        result.offset() + group * result.batchStride() + row * result.rowStride() + 4L * column;
    float sum = result.segment().get(JAVA_FLOAT_UNALIGNED, at);
    for (int part = shape.groups(); part < blocking.batch(); part += shape.groups()) {
      at += shape.groups() * result.batchStride();
      sum += result.segment().get(JAVA_FLOAT_UNALIGNED, at);
    }
    return sum;
  }
}
