package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A convolution as a product: rows are channels of the result, columns are the pixels of all images
 * of the batch, and the depth runs over channels of the source and taps of the kernel. The right
 * operand exists one block of panels at a time. Groups of channels are the product's batch.
 */
final class ImageProduct extends BlockedProduct {

  /** So few rows are summed from the slab itself, without panels. */
  static final int FEW_ROWS = 4;

  private final ImageWindow window;
  private final MemorySegment image;
  private final long imageOffset;
  private final MemorySegment kernel;
  private final long kernelOffset;
  private final boolean kernelByOutput;
  private final int groupOutputs;
  private final int groupInputs;

  /**
   * Binds a call.
   *
   * @param kernelByOutput whether rows are the kernel's output channels, as in the forward
   *     convolution, or its input channels
   */
  ImageProduct(
      TileSet tiles,
      Blocking blocking,
      ConvolutionShape shape,
      ImageWindow window,
      MemorySegment image,
      long imageOffset,
      MemorySegment kernel,
      long kernelOffset,
      boolean kernelByOutput,
      Result result,
      @Nullable TileEpilogue epilogue) {
    super(tiles, blocking, StripLayout.BY_ROW, result, epilogue);
    this.window = window;
    this.image = image;
    this.imageOffset = imageOffset;
    this.kernel = kernel;
    this.kernelOffset = kernelOffset;
    this.kernelByOutput = kernelByOutput;
    this.groupOutputs = shape.groupOutputs();
    this.groupInputs = shape.groupInputs();
  }

  @Override
  void packStrips(
      Scratch scratch, int group, int stripStart, int stripEnd, int depthStart, int depth) {
    float[] strips = (float[]) scratch.strips;
    int to = 0;
    for (int strip = stripStart; strip < stripEnd; strip++) {
      int row = blocking.firstRow(strip);
      int rows = blocking.firstRow(strip + 1) - row;
      if (kernelByOutput) {
        long from = kernelOffset + 4L * index(group, row, 0, 0) + 4L * depthStart;
        copyRows(from, 4L * blocking.depth(), rows, depth, strips, to);
      } else {
        packByInput(group, row, rows, depthStart, depth, strips, to);
      }
      to += Scratch.STRIP_PITCH;
    }
  }

  /** Rows are input channels; each output channel adds one stretch of taps to all rows. */
  private void packByInput(
      int group, int row, int rows, int depthStart, int depth, float[] strips, int to) {
    int taps = window.taps();
    int done = 0;
    while (done < depth) {
      int output = (depthStart + done) / taps;
      int tap = (depthStart + done) % taps;
      int length = Math.min(taps - tap, depth - done);
      long from = kernelOffset + 4L * index(group, output, row, tap);
      copyRows(from, 4L * taps, rows, length, strips, to + done);
      done += length;
    }
  }

  private long index(int group, int output, int input, int tap) {
    return (((long) group * groupOutputs + output) * groupInputs + input) * window.taps() + tap;
  }

  private void copyRows(long from, long rowStride, int rows, int length, float[] strips, int to) {
    tiles.moves().copyRows(kernel, from, rowStride, rows, length, strips, to, TileSet.ROW_PITCH);
  }

  @Override
  void packPanels(
      Scratch scratch, int group, int columnStart, int columnEnd, int depthStart, int depth) {
    ImageSlab slab = scratch.slab;
    PanelMoves moves = tiles.moves();
    fillSlab(slab, group, columnStart, columnEnd, depthStart, depth);
    long to = 0;
    for (int column = columnStart; column < columnEnd; column += blocking.panelColumns()) {
      int end = Math.min(columnEnd, column + blocking.panelColumns());
      slab.findMoves(columnStart, column, end, moves.moveWidth());
      slab.packPanel(moves, depth, blocking.panelColumns(), scratch.panels, to);
      to += panelPitch(depth);
    }
  }

  private void fillSlab(
      ImageSlab slab, int group, int columnStart, int columnEnd, int depthStart, int depth) {
    int firstChannel = group * (window.channels() / blocking.batch());
    slab.fill(
        window,
        tiles.moves(),
        image,
        imageOffset,
        columnStart,
        columnEnd,
        firstChannel + depthStart / window.taps(),
        firstChannel + Math.ceilDiv(depthStart + depth, window.taps()));
    slab.findTaps(firstChannel, depthStart, depth);
  }

  @Override
  boolean hasFewRows() {
    return blocking.rows() <= FEW_ROWS;
  }

  @Override
  void computeRows(
      Scratch scratch,
      int group,
      int rowStart,
      int rowEnd,
      int columnStart,
      int columnEnd,
      int depthStart,
      int depth) {
    packStrips(scratch, group, 0, 1, depthStart, depth);
    fillSlab(scratch.slab, group, columnStart, columnEnd, depthStart, depth);
    scratch.slab.findMoves(columnStart, columnStart, columnEnd, tiles.moves().moveWidth());
    for (int row = rowStart; row < rowEnd; row++) {
      scratch.slab.sumTaps(
          tiles.moves(),
          depth,
          (float[]) scratch.strips,
          (row - rowStart) * TileSet.ROW_PITCH,
          scratch.panels,
          0);
      store(scratch.panels, 0, group, row, 1, columnStart, columnEnd - columnStart, depthStart > 0);
    }
  }

  @Override
  void finish(
      TileEpilogue epilogue, int group, int rowStart, int rowEnd, int columnStart, int columnEnd) {
    int firstRow = group * blocking.rows();
    int column = columnStart;
    while (column < columnEnd) {
      int image = column / window.columns();
      int end = Math.min(columnEnd, (image + 1) * window.columns());
      int imageStart = image * window.columns();
      epilogue.apply(
          image, firstRow + rowStart, firstRow + rowEnd, column - imageStart, end - imageStart);
      column = end;
    }
  }
}
