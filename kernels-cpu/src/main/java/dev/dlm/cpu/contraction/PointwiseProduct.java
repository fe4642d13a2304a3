package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A convolution with a single tap: for each image the product of the kernel, a matrix of channels,
 * with the image, whose pixels lie side by side as they are. With strides the pixels that are read
 * are gathered first.
 */
final class PointwiseProduct {

  /** Images of fewer pixels fill vectors only together with others. */
  private static final int MIN_PIXELS = 16;

  private final ImageWindow window;
  private final int images;
  private final MatrixProduct product;

  /**
   * Prepares.
   *
   * @param sourceChannels channels of the source
   * @param resultChannels channels of the result
   */
  PointwiseProduct(
      TileSet tiles, ImageWindow window, int images, int sourceChannels, int resultChannels) {
    this.window = window;
    this.images = images;
    int pixels = window.columns();
    // A kernel is [outputs, inputs]; a gradient's result has the inputs as channels.
    MatrixLayout kernel =
        window.reversed()
            ? MatrixLayout.columnMajor(resultChannels, sourceChannels)
            : MatrixLayout.rowMajor(resultChannels, sourceChannels);
    product =
        new MatrixProduct(
            tiles,
            ElementKind.F32,
            images,
            resultChannels,
            pixels,
            sourceChannels,
            kernel.shared(),
            MatrixLayout.rowMajor(sourceChannels, pixels),
            MatrixLayout.rowMajor(resultChannels, pixels));
  }

  /** Whether a convolution without groups has a single tap and reads nothing outside of images. */
  static boolean serves(ImageWindow window, int images) {
    return window.taps() == 1
        && window.padTop() == 0
        && window.padLeft() == 0
        && (window.columnsHigh() - 1) * window.strideY() < window.height()
        && (window.columnsWide() - 1) * window.strideX() < window.width()
        && (images == 1 || window.columns() >= MIN_PIXELS);
  }

  /** Binds to memory, as {@link MatrixProduct#bind}. */
  Runnable bind(
      MemorySegment image,
      long imageOffset,
      MemorySegment kernel,
      long kernelOffset,
      MemorySegment result,
      long resultOffset,
      WorkerPool pool,
      SegmentAllocator scratch,
      @Nullable TileEpilogue epilogue) {
    if (window.columns() == window.height() * window.width()) {
      return product.bind(
          kernel, kernelOffset, image, imageOffset, result, resultOffset, pool, scratch, epilogue);
    }
    int planes = images * window.channels();
    MemorySegment pixels = scratch.allocate(4L * planes * window.columns(), 64);
    WorkerPool.Task gathering = plane -> gather(image, imageOffset, pixels, plane);
    Runnable product =
        this.product.bind(
            kernel, kernelOffset, pixels, 0, result, resultOffset, pool, scratch, epilogue);
    return () -> {
      pool.run(planes, gathering);
      product.run();
    };
  }

  private void gather(MemorySegment image, long imageOffset, MemorySegment target, int plane) {
    long to = 4L * plane * window.columns();
    long step = 4L * window.strideX();
    for (int y = 0; y < window.columnsHigh(); y++) {
      long row = (long) plane * window.height() + (long) y * window.strideY();
      long from = imageOffset + 4 * row * window.width();
      for (int x = 0; x < window.columnsWide(); x++) {
        target.set(JAVA_FLOAT_UNALIGNED, to, image.get(JAVA_FLOAT_UNALIGNED, from + x * step));
        to += 4;
      }
    }
  }
}
