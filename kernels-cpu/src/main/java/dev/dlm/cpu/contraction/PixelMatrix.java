package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Images as the right operand of matrix products, one matrix for each: a row for each channel and
 * tap, a column for each pixel of the result. Pixels that lie in this order are read where they
 * are; others are gathered.
 *
 * @param segment where the matrices lie, once they are {@link #gather gathered}
 * @param offset the first element, in bytes
 * @param layout of {@code depth} × {@code pixels}
 */
record PixelMatrix(MemorySegment segment, long offset, MatrixLayout layout, Runnable gather) {

  /** The matrix of one image is gathered from several taps if it takes no more. */
  private static final long MAX_BYTES = 1 << 22;

  /** Images of fewer pixels fill vectors only together with others. */
  private static final int MIN_PIXELS = 16;

  private static final int ALIGNMENT = 16;

  /** About so many rows are gathered by one task. */
  private static final int GATHERED_ROWS = 384;

  /** Whether there is such a matrix for each image and it is worth to be made. */
  static boolean serves(ImageWindow window, int images) {
    if (readsInside(window)) {
      return images == 1 || window.columns() >= MIN_PIXELS;
    }
    return images == 1 && 4L * window.channels() * window.taps() * pitch(window) <= MAX_BYTES;
  }

  /** From one row to the next, in elements. */
  private static int pitch(ImageWindow window) {
    return Math.ceilDiv(window.columns(), ALIGNMENT) * ALIGNMENT;
  }

  /**
   * Binds to memory.
   *
   * @param scratch what gives memory for what is gathered
   */
  static PixelMatrix bind(
      TileSet tiles,
      ImageWindow window,
      int images,
      MemorySegment image,
      long imageOffset,
      WorkerPool pool,
      SegmentAllocator scratch) {
    int depth = window.channels() * window.taps();
    if (isWhole(window)) {
      return new PixelMatrix(
          image, imageOffset, MatrixLayout.rowMajor(depth, window.columns()), () -> {});
    }
    int pitch = pitch(window);
    MemorySegment target = scratch.allocate(4L * images * depth * pitch, 64);
    int taskChannels = Math.clamp(GATHERED_ROWS / window.taps(), 1, Math.max(1, window.channels()));
    int tasks = Math.ceilDiv(window.channels(), taskChannels);
    WorkerPool.Task gathering =
        task -> {
          int channel = task % tasks * taskChannels;
          gather(
              tiles,
              window,
              image,
              imageOffset,
              task / tasks,
              channel,
              Math.min(window.channels(), channel + taskChannels),
              target,
              pitch);
        };
    return new PixelMatrix(
        target,
        0,
        new MatrixLayout((long) depth * pitch, pitch, 1),
        () -> pool.run(images * tasks, gathering));
  }

  private static boolean isWhole(ImageWindow window) {
    return readsInside(window)
        && window.columnsHigh() == window.height()
        && window.columnsWide() == window.width();
  }

  /** Whether there is a single tap, which meets no padding. */
  private static boolean readsInside(ImageWindow window) {
    return window.taps() == 1
        && window.padTop() == 0
        && window.padLeft() == 0
        && (window.columnsHigh() - 1) * window.strideY() < window.height()
        && (window.columnsWide() - 1) * window.strideX() < window.width();
  }

  private static void gather(
      TileSet tiles,
      ImageWindow window,
      MemorySegment source,
      long sourceOffset,
      int image,
      int channelStart,
      int channelEnd,
      MemorySegment target,
      int pitch) {
    int columns = window.columns();
    int first = image * columns;
    int rows = (channelEnd - channelStart) * window.taps();
    PanelMoves moves = tiles.moves();
    if (readsInside(window)) {
      for (int channel = channelStart; channel < channelEnd; channel++) {
        long plane = (long) image * window.channels() + channel;
        moves.pickRows(
            source,
            sourceOffset + 4 * plane * window.height() * window.width(),
            4L * window.strideY() * window.width(),
            window.columnsHigh(),
            window.columnsWide(),
            window.strideX(),
            target,
            4 * plane * pitch,
            4L * window.columnsWide());
      }
      return;
    }
    Scratch scratch = Scratch.borrow(ElementKind.F32);
    try {
      ImageSlab slab = scratch.slab;
      slab.fill(
          window, moves, source, sourceOffset, first, first + columns, channelStart, channelEnd);
      slab.findTaps(channelStart, 0, rows);
      slab.findMoves(first, first, first + columns, moves.moveWidth());
      long row = ((long) image * window.channels() + channelStart) * window.taps();
      slab.packPanel(moves, rows, pitch, target, 4 * row * pitch);
    } finally {
      scratch.giveBack();
    }
  }
}
