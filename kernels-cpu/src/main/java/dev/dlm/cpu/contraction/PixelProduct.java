package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A convolution as a product of two matrices for each image: the kernel, with a row for each
 * channel of the result, and the image as a {@link PixelMatrix}.
 */
final class PixelProduct {

  private final TileSet tiles;
  private final ImageWindow window;
  private final int images;
  private final int channels;
  private final int depth;
  private final MatrixLayout kernel;

  /**
   * Prepares.
   *
   * @param channels channels of the result
   */
  PixelProduct(TileSet tiles, ImageWindow window, int images, int channels) {
    this.tiles = tiles;
    this.window = window;
    this.images = images;
    this.channels = channels;
    this.depth = window.channels() * window.taps();
    // A kernel is [outputs, inputs, taps]; a gradient's result has the inputs as channels.
    this.kernel =
        (window.reversed()
                ? MatrixLayout.columnMajor(channels, depth)
                : MatrixLayout.rowMajor(channels, depth))
            .shared();
  }

  /** Whether a convolution without groups is computed so. */
  static boolean serves(ImageWindow window, int images, int channels) {
    boolean isMatrix =
        window.taps() == 1 || (!window.reversed() && channels > ImageProduct.FEW_ROWS);
    return isMatrix && PixelMatrix.serves(window, images);
  }

  /**
   * Binds to memory, as {@link MatrixProduct#bind}.
   *
   * @param kernelWork takes the packing of the kernel, or null if the kernel may change at each run
   */
  Runnable bind(
      MemorySegment image,
      long imageOffset,
      MemorySegment kernel,
      long kernelOffset,
      MemorySegment result,
      long resultOffset,
      WorkerPool pool,
      SegmentAllocator scratch,
      @Nullable KernelWork kernelWork,
      @Nullable TileEpilogue epilogue) {
    int pixels = window.columns();
    PixelMatrix matrix = PixelMatrix.bind(tiles, window, images, image, imageOffset, pool, scratch);
    MatrixProduct byPixels =
        product(
            pixels,
            channels,
            matrix.layout().transposed(),
            this.kernel.transposed(),
            MatrixLayout.rowMajor(pixels, channels));
    if (images == 1 && PixelRowsProduct.serves(pixels) && byPixels.canPack()) {
      PackedMatrix packed = byPixels.allocatePacked(scratch, PackedMatrix.Order.BY_PANEL);
      Runnable packing = byPixels.bindPacking(kernel, kernelOffset, packed, pool);
      PixelRowsProduct product =
          new PixelRowsProduct(tiles, pixels, matrix, packed, result, resultOffset, epilogue);
      if (kernelWork == null) {
        return () -> {
          packing.run();
          matrix.gather().run();
          product.runOn(pool);
        };
      }
      kernelWork.add(packing);
      return () -> {
        matrix.gather().run();
        product.runOn(pool);
      };
    }
    Runnable product =
        product(
                channels,
                pixels,
                this.kernel,
                matrix.layout(),
                MatrixLayout.rowMajor(channels, pixels))
            .bind(
                kernel,
                kernelOffset,
                matrix.segment(),
                matrix.offset(),
                result,
                resultOffset,
                pool,
                scratch,
                epilogue);
    return () -> {
      matrix.gather().run();
      product.run();
    };
  }

  private MatrixProduct product(
      int rows, int columns, MatrixLayout a, MatrixLayout b, MatrixLayout c) {
    return new MatrixProduct(tiles, ElementKind.F32, images, rows, columns, depth, a, b, c);
  }
}
