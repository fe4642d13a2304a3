package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional convolutions of one shape, and their gradients. Layouts and the formula are those
 * of {@link ConvolutionShape}.
 *
 * <p><b>Numerics.</b> Each result is a sum of products in a fixed order, cut into {@link
 * DepthBlocks}; within a block it is accumulated from +0 with fused multiply-add, and the sums of
 * the blocks are added in order. The order of the products is that of
 *
 * <ul>
 *   <li>forward: input channels of the group, kernel rows, kernel columns;
 *   <li>gradient of the input: output channels of the group, kernel rows, kernel columns, without
 *       those that a stride lets this element miss;
 *   <li>gradient of the kernel: images, output rows, output columns. The images are cut into parts
 *       whose number follows from the shape, the blocks begin anew with each part, and the sums of
 *       the parts are added in order.
 * </ul>
 *
 * <p>Convolutions of 3 × 3 and 5 × 5 taps in binary32 without groups, strides and dilations, of at
 * least 16 channels on both sides, are computed in tiles over the 36 points of {@link
 * PointTransforms} where these save more than they cost and transformed kernels take no more than
 * 64 MB, which follows from the shape. Products at a point are summed in blocks of 128 channels, or
 * of whole rows of tiles, at most 128 tiles or one row. The error stays a small multiple of that of
 * the plain sum: for normally distributed operands its root mean square is some 1e-6 of that of the
 * results, and its maximum some 1e-5, against 3e-7 and 3e-6. Transforms add up to 20 times the
 * largest operand, so operands above some 1e37 may overflow, and no result of a tile that meets one
 * that is not finite is finite.
 *
 * <p>Elements in the padding are zeros that take part in the sum: a weight that is not finite makes
 * them NaN. Results are the same bits for every vector width, for the scalar twin and for any
 * number of threads, but for the sign and payload of a NaN. Types other than binary32 go through
 * plain loops in the same order; narrower ones are widened to binary32 and rounded once.
 *
 * <p>Immutable and thread-safe. Results must not overlap operands. A call allocates a few small
 * objects on the heap and nothing off it.
 */
public final class Convolution2d {

  private final ElementKind element;
  private final ConvolutionShape shape;
  private final @Nullable TileSet tiles;

  /**
   * Prepares convolutions of one shape.
   *
   * @param element a floating-point type
   * @throws IllegalArgumentException if the type is an integer
   */
  public Convolution2d(ElementKind element, ConvolutionShape shape) {
    this(element == ElementKind.F32 ? TileSet.best(element) : null, element, shape);
  }

  Convolution2d(@Nullable TileSet tiles, ElementKind element, ConvolutionShape shape) {
    if (element == ElementKind.I32 || element == ElementKind.I64) {
      throw new IllegalArgumentException("there is no convolution of " + element);
    }
    this.tiles = tiles;
    this.element = element;
    this.shape = shape;
  }

  /**
   * Binds {@code y = conv(x, w)} to memory. Offsets are those of the first elements, in bytes.
   *
   * @param scratch what gives memory that lives as long as what is returned
   * @param kernelWork takes what is computed of the kernel alone, or null if the kernel may change
   *     at each run
   * @param epilogue called for each finished block with the image as batch, output channels as rows
   *     and output pixels as columns, or null
   * @return computes; allocates nothing with tiles; for one thread at a time
   */
  public Runnable bindForward(
      MemorySegment x,
      long xOffset,
      MemorySegment w,
      long wOffset,
      MemorySegment y,
      long yOffset,
      WorkerPool pool,
      SegmentAllocator scratch,
      @Nullable KernelWork kernelWork,
      @Nullable TileEpilogue epilogue) {
    if (tiles == null) {
      PlainConvolution plain = new PlainConvolution(element, shape, pool);
      return () -> {
        plain.forward(x, xOffset, w, wOffset, y, yOffset);
        finishPlain(epilogue, shape.outputChannels(), shape.outputPixels());
      };
    }
    return bindProduct(
        tiles,
        ImageWindow.overInput(shape),
        shape.groupInputs(),
        shape.groupOutputs(),
        x,
        xOffset,
        w,
        wOffset,
        y,
        yOffset,
        pool,
        scratch,
        kernelWork,
        epilogue);
  }

  /**
   * Binds the gradient of the input {@code dx}, from that of the output {@code dy}, to memory.
   *
   * @param scratch what gives memory that lives as long as what is returned
   * @param epilogue called for each finished block with the image as batch, input channels as rows
   *     and input pixels as columns, or null
   * @return computes; allocates nothing with tiles; for one thread at a time
   */
  public Runnable bindInputGradient(
      MemorySegment dy,
      long dyOffset,
      MemorySegment w,
      long wOffset,
      MemorySegment dx,
      long dxOffset,
      WorkerPool pool,
      SegmentAllocator scratch,
      @Nullable TileEpilogue epilogue) {
    if (tiles == null) {
      PlainConvolution plain = new PlainConvolution(element, shape, pool);
      return () -> {
        plain.inputGradient(dy, dyOffset, w, wOffset, dx, dxOffset);
        finishPlain(epilogue, shape.inputChannels(), shape.inputPixels());
      };
    }
    TileSet tiles = this.tiles;
    if (shape.strideY() == 1 && shape.strideX() == 1) {
      return bindProduct(
          tiles,
          StridePhase.of(shape).getFirst().window(),
          shape.groupOutputs(),
          shape.groupInputs(),
          dy,
          dyOffset,
          w,
          wOffset,
          dx,
          dxOffset,
          pool,
          scratch,
          null,
          epilogue);
    }
    StridedInputGradient strided = new StridedInputGradient(shape);
    MemorySegment phases = scratch.allocate(strided.scratchBytes(), 64);
    return strided.bind(
        w,
        wOffset,
        dx,
        dxOffset,
        phases,
        pool,
        (window, kernelOffset, resultOffset) ->
            bindProduct(
                tiles,
                window,
                shape.groupOutputs(),
                shape.groupInputs(),
                dy,
                dyOffset,
                phases,
                kernelOffset,
                phases,
                resultOffset,
                pool,
                scratch,
                null,
                null),
        epilogue);
  }

  /**
   * Binds the gradient of the kernel {@code dw}, from the input and the gradient of the output, to
   * memory.
   *
   * @param scratch what gives memory that lives as long as what is returned
   * @return computes; allocates nothing with tiles; for one thread at a time
   */
  public Runnable bindKernelGradient(
      MemorySegment x,
      long xOffset,
      MemorySegment dy,
      long dyOffset,
      MemorySegment dw,
      long dwOffset,
      WorkerPool pool,
      SegmentAllocator scratch) {
    if (tiles == null || shape.batch() == 0) {
      PlainConvolution plain = new PlainConvolution(element, shape, pool);
      return () -> plain.kernelGradient(x, xOffset, dy, dyOffset, dw, dwOffset);
    }
    int rows = shape.groupInputs() * shape.taps();
    int columns = shape.groupOutputs();
    if (rows == 0 || columns == 0) {
      return () -> {};
    }
    WinogradShape points = kernelPoints();
    if (points != null) {
      WinogradKernelGradient gradient =
          new WinogradKernelGradient(tiles, points, x, xOffset, dy, dyOffset, dw, dwOffset);
      return () -> gradient.runOn(pool);
    }
    int parts = KernelGradientProduct.parts(shape);
    int depth = Math.multiplyExact(KernelGradientProduct.partImages(shape), shape.outputPixels());
    long partBytes = 4L * rows * columns;
    MemorySegment sums = scratch.allocate(parts * shape.groups() * partBytes, 64);
    KernelGradientProduct product =
        new KernelGradientProduct(
            tiles,
            Blocking.ofImages(tiles, parts * shape.groups(), rows, columns, depth),
            shape,
            x,
            xOffset,
            dy,
            dyOffset,
            new BlockedProduct.Result(sums, 0, partBytes, 4L * columns, columns, 0),
            dw,
            dwOffset);
    return () -> product.runOn(pool);
  }

  private @Nullable WinogradShape kernelPoints() {
    return points(ImageWindow.overInput(shape), shape.groupInputs(), shape.groupOutputs());
  }

  /** How the result is cut into tiles if it is computed over points. */
  private @Nullable WinogradShape points(ImageWindow window, int depth, int channels) {
    if (!WinogradShape.serves(shape)) {
      return null;
    }
    WinogradShape points = new WinogradShape(window, shape.batch(), depth, channels);
    return points.isWorthwhile() ? points : null;
  }

  private Runnable bindProduct(
      TileSet tiles,
      ImageWindow window,
      int sourceChannels,
      int resultChannels,
      MemorySegment image,
      long imageOffset,
      MemorySegment w,
      long wOffset,
      MemorySegment result,
      long resultOffset,
      WorkerPool pool,
      SegmentAllocator scratch,
      @Nullable KernelWork kernelWork,
      @Nullable TileEpilogue epilogue) {
    int columns = Math.multiplyExact(shape.batch(), window.columns());
    if (columns == 0 || resultChannels == 0) {
      return () -> {};
    }
    WinogradShape points = points(window, sourceChannels, resultChannels);
    if (points != null) {
      WinogradProduct product =
          new WinogradProduct(
              tiles,
              points,
              image,
              imageOffset,
              w,
              wOffset,
              !window.reversed(),
              result,
              resultOffset,
              epilogue);
      if (kernelWork != null && points.keepsKernels()) {
        kernelWork.add(product.keepKernels(scratch, pool));
      }
      return () -> product.runOn(pool);
    }
    if (shape.groups() == 1 && PixelProduct.serves(window, shape.batch(), resultChannels)) {
      return new PixelProduct(tiles, window, shape.batch(), resultChannels)
          .bind(
              image,
              imageOffset,
              w,
              wOffset,
              result,
              resultOffset,
              pool,
              scratch,
              kernelWork,
              epilogue);
    }
    long rowStride = 4L * window.columns();
    ImageProduct product =
        new ImageProduct(
            tiles,
            Blocking.ofImages(
                tiles, shape.groups(), resultChannels, columns, sourceChannels * window.taps()),
            shape,
            window,
            image,
            imageOffset,
            w,
            wOffset,
            !window.reversed(),
            new BlockedProduct.Result(
                result,
                resultOffset,
                resultChannels * rowStride,
                rowStride,
                window.columns(),
                shape.groups() * resultChannels * rowStride),
            epilogue);
    return () -> product.runOn(pool);
  }

  private void finishPlain(@Nullable TileEpilogue epilogue, int channels, int pixels) {
    for (int image = 0; epilogue != null && image < shape.batch(); image++) {
      epilogue.apply(image, 0, channels, 0, pixels);
    }
  }
}
