package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/** Convolutions by plain loops, in the order of accumulation of {@link Convolution2d}. */
final class PlainConvolution {

  private final ElementKind element;
  private final ConvolutionShape shape;
  private final WorkerPool pool;

  PlainConvolution(ElementKind element, ConvolutionShape shape, WorkerPool pool) {
    this.element = element;
    this.shape = shape;
    this.pool = pool;
  }

  void forward(
      MemorySegment x, long xOffset, MemorySegment w, long wOffset, MemorySegment y, long yOffset) {
    ImageWindow window = ImageWindow.overInput(shape);
    int channels = shape.outputChannels();
    pool.run(
        shape.batch() * channels,
        task -> {
          int image = task / channels;
          int output = task % channels;
          int group = output / shape.groupOutputs();
          Sum sum = new Sum();
          int depth = shape.groupInputs() * window.taps();
          for (int column = 0; column < window.columns(); column++) {
            sum.begin(depth);
            for (int k = 0; k < depth; k++) {
              int input = k / window.taps();
              int tap = k % window.taps();
              int from = group * shape.groupInputs() + input;
              sum.add(
                  load(w, wOffset, kernelIndex(output, input, tap)),
                  pixel(window, x, xOffset, image, from, column, tap));
            }
            store(y, yOffset, (long) task * window.columns() + column, sum.end());
          }
        });
  }

  void inputGradient(
      MemorySegment dy,
      long dyOffset,
      MemorySegment w,
      long wOffset,
      MemorySegment dx,
      long dxOffset) {
    for (StridePhase phase : StridePhase.of(shape)) {
      ImageWindow window = phase.window();
      int channels = shape.inputChannels();
      pool.run(
          shape.batch() * channels,
          task -> {
            int image = task / channels;
            int group = task % channels / shape.groupInputs();
            int input = task % channels % shape.groupInputs();
            Sum sum = new Sum();
            int depth = shape.groupOutputs() * window.taps();
            for (int column = 0; column < window.columns(); column++) {
              sum.begin(depth);
              for (int k = 0; k < depth; k++) {
                int output = group * shape.groupOutputs() + k / window.taps();
                int tap = k % window.taps();
                int kernelTap = phase.kernelTap(tap, shape.kernelWidth());
                sum.add(
                    load(w, wOffset, kernelIndex(output, input, kernelTap)),
                    pixel(window, dy, dyOffset, image, output, column, tap));
              }
              store(dx, dxOffset, resultIndex(phase, task, column), sum.end());
            }
          });
    }
  }

  private long kernelIndex(int output, int input, int tap) {
    return ((long) output * shape.groupInputs() + input) * shape.taps() + tap;
  }

  private long resultIndex(StridePhase phase, int plane, int column) {
    int y = phase.rowStart() + column / phase.window().columnsWide() * shape.strideY();
    int x = phase.columnStart() + column % phase.window().columnsWide() * shape.strideX();
    return ((long) plane * shape.inputHeight() + y) * shape.inputWidth() + x;
  }

  void kernelGradient(
      MemorySegment x,
      long xOffset,
      MemorySegment dy,
      long dyOffset,
      MemorySegment dw,
      long dwOffset) {
    ImageWindow window = ImageWindow.overInput(shape);
    int pixels = shape.outputPixels();
    int partImages = KernelGradientProduct.partImages(shape);
    pool.run(
        shape.outputChannels() * shape.groupInputs(),
        task -> {
          int output = task / shape.groupInputs();
          int group = output / shape.groupOutputs();
          int channel = group * shape.groupInputs() + task % shape.groupInputs();
          Sum sum = new Sum();
          for (int tap = 0; tap < window.taps(); tap++) {
            double total = 0;
            for (int first = 0; first < shape.batch(); first += partImages) {
              int end = Math.min(shape.batch(), first + partImages);
              sum.begin((end - first) * pixels);
              for (int k = first * pixels; k < end * pixels; k++) {
                int image = k / pixels;
                long at = ((long) image * shape.outputChannels() + output) * pixels + k % pixels;
                sum.add(
                    pixel(window, x, xOffset, image, channel, k % pixels, tap),
                    load(dy, dyOffset, at));
              }
              total = first == 0 ? sum.end() : round(total + sum.end());
            }
            store(dw, dwOffset, (long) task * window.taps() + tap, total);
          }
        });
  }

  private double pixel(
      ImageWindow window,
      MemorySegment source,
      long sourceOffset,
      int image,
      int channel,
      int column,
      int tap) {
    int y = column / window.columnsWide() * window.strideY() + window.tapY(tap) - window.padTop();
    int x = column % window.columnsWide() * window.strideX() + window.tapX(tap) - window.padLeft();
    if (y < 0 || x < 0 || y >= window.height() || x >= window.width()) {
      return 0;
    }
    long at = ((long) image * window.channels() + channel) * window.height() + y;
    return load(source, sourceOffset, at * window.width() + x);
  }

  /** A sum in blocks; in binary32 unless the elements are binary64. */
  private final class Sum {
    private double total;
    private double block;
    private int blockLength;
    private int count;

    void begin(int depth) {
      blockLength = DepthBlocks.length(depth);
      total = 0;
      block = 0;
      count = 0;
    }

    void add(double a, double b) {
      if (count > 0 && count % blockLength == 0) {
        foldBlock();
      }
      block =
          element == ElementKind.F64
              ? Math.fma(a, b, block)
              : Math.fma((float) a, (float) b, (float) block);
      count++;
    }

    private void foldBlock() {
      total = count <= blockLength ? block : round(total + block);
      block = 0;
    }

    double end() {
      foldBlock();
      return total;
    }
  }

  private double round(double value) {
    return element == ElementKind.F64 ? value : (float) value;
  }

  private double load(MemorySegment segment, long offset, long index) {
    long at = offset + index * element.sizeBytes();
    return switch (element) {
      case F64 -> segment.get(JAVA_DOUBLE_UNALIGNED, at);
      case F16 -> Float.float16ToFloat(segment.get(JAVA_SHORT_UNALIGNED, at));
      case BF16 -> Float.intBitsToFloat(segment.get(JAVA_SHORT_UNALIGNED, at) << 16);
      case F32, I32, I64 -> segment.get(JAVA_FLOAT_UNALIGNED, at);
    };
  }

  private void store(MemorySegment segment, long offset, long index, double value) {
    long at = offset + index * element.sizeBytes();
    switch (element) {
      case F64 -> segment.set(JAVA_DOUBLE_UNALIGNED, at, value);
      case F16 -> segment.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) value));
      case BF16 ->
          segment.set(JAVA_SHORT_UNALIGNED, at, PlainProduct.roundToBfloat16((float) value));
      case F32, I32, I64 -> segment.set(JAVA_FLOAT_UNALIGNED, at, (float) value);
    }
  }
}
