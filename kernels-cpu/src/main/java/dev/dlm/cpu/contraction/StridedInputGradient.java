package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of the input of a convolution with strides: each {@link StridePhase} is a
 * convolution of its own, computed aside with the taps that it meets, and at the end all are woven
 * together.
 *
 * <p>The scratch memory holds, phase by phase, first the kernels and then the results.
 */
final class StridedInputGradient {

  private static final int WOVEN_PIXELS = 1 << 14;

  private final ConvolutionShape shape;
  private final List<StridePhase> phases;

  StridedInputGradient(ConvolutionShape shape) {
    this.shape = shape;
    this.phases = StridePhase.of(shape);
  }

  /** Binds the product of one phase. */
  @FunctionalInterface
  interface PhaseProduct {
    Runnable bind(ImageWindow window, long kernelOffset, long resultOffset);
  }

  long scratchBytes() {
    return 4
        * (kernelElements() + shape.batch() * (long) shape.inputChannels() * shape.inputPixels());
  }

  private long kernelElements() {
    return (long) shape.outputChannels() * shape.groupInputs() * shape.taps();
  }

  private long kernels() {
    return (long) shape.outputChannels() * shape.groupInputs();
  }

  private int planes() {
    return shape.batch() * shape.inputChannels();
  }

  /**
   * Binds to memory.
   *
   * @param scratch {@link #scratchBytes} bytes
   * @param product binds the products of the phases, whose operands lie in the scratch memory
   */
  Runnable bind(
      MemorySegment w,
      long wOffset,
      MemorySegment dx,
      long dxOffset,
      MemorySegment scratch,
      WorkerPool pool,
      PhaseProduct product,
      @Nullable TileEpilogue epilogue) {
    List<Runnable> steps = new ArrayList<>();
    long kernelOffset = 0;
    long resultOffset = 4 * kernelElements();
    for (StridePhase phase : phases) {
      if (phase.window().taps() > 0) {
        steps.add(bindGathering(phase, w, wOffset, scratch, kernelOffset, pool));
        steps.add(product.bind(phase.window(), kernelOffset, resultOffset));
      }
      kernelOffset += 4 * kernels() * phase.window().taps();
      resultOffset += 4L * planes() * phase.window().columns();
    }
    steps.add(bindWeaving(scratch, 4 * kernelElements(), dx, dxOffset, pool, epilogue));
    return () -> {
      for (int i = 0; i < steps.size(); i++) {
        steps.get(i).run();
      }
    };
  }

  private Runnable bindGathering(
      StridePhase phase,
      MemorySegment w,
      long wOffset,
      MemorySegment scratch,
      long kernelOffset,
      WorkerPool pool) {
    int taps = phase.window().taps();
    long[] from = new long[taps];
    for (int tap = 0; tap < taps; tap++) {
      from[tap] = 4L * phase.kernelTap(tap, shape.kernelWidth());
    }
    WorkerPool.Task gathering =
        output -> {
          long to = kernelOffset + 4L * output * shape.groupInputs() * taps;
          long kernel = wOffset + 4L * output * shape.groupInputs() * shape.taps();
          for (int input = 0; input < shape.groupInputs(); input++) {
            for (int tap = 0; tap < taps; tap++) {
              scratch.set(
                  JAVA_FLOAT_UNALIGNED, to, w.get(JAVA_FLOAT_UNALIGNED, kernel + from[tap]));
              to += 4;
            }
            kernel += 4L * shape.taps();
          }
        };
    return () -> pool.run(shape.outputChannels(), gathering);
  }

  private Runnable bindWeaving(
      MemorySegment scratch,
      long resultsOffset,
      MemorySegment dx,
      long dxOffset,
      WorkerPool pool,
      @Nullable TileEpilogue epilogue) {
    int taskChannels =
        Math.clamp(WOVEN_PIXELS / Math.max(1, shape.inputPixels()), 1, shape.inputChannels());
    int tasksOfImage = Math.ceilDiv(shape.inputChannels(), taskChannels);
    WorkerPool.Task weaving =
        task -> {
          int image = task / tasksOfImage;
          int first = task % tasksOfImage * taskChannels;
          int end = Math.min(shape.inputChannels(), first + taskChannels);
          for (int channel = first; channel < end; channel++) {
            weavePlane(
                scratch, resultsOffset, dx, dxOffset, image * shape.inputChannels() + channel);
          }
          if (epilogue != null) {
            epilogue.apply(image, first, end, 0, shape.inputPixels());
          }
        };
    return () -> pool.run(shape.batch() * tasksOfImage, weaving);
  }

  private void weavePlane(
      MemorySegment scratch, long resultsOffset, MemorySegment dx, long dxOffset, int plane) {
    long planeOffset = dxOffset + 4L * plane * shape.inputPixels();
    long phaseOffset = resultsOffset;
    for (StridePhase phase : phases) {
      ImageWindow window = phase.window();
      long from = phaseOffset + 4L * plane * window.columns();
      for (int y = 0; y < window.columnsHigh(); y++) {
        long row = (long) (phase.rowStart() + y * shape.strideY()) * shape.inputWidth();
        long to = planeOffset + 4 * (row + phase.columnStart());
        if (window.taps() == 0) {
          clear(dx, to, window.columnsWide());
        } else {
          spread(scratch, from, dx, to, window.columnsWide());
          from += 4L * window.columnsWide();
        }
      }
      phaseOffset += 4L * planes() * window.columns();
    }
  }

  private void clear(MemorySegment dx, long to, int count) {
    long step = 4L * shape.strideX();
    for (int x = 0; x < count; x++) {
      dx.set(JAVA_FLOAT_UNALIGNED, to + x * step, 0);
    }
  }

  private void spread(MemorySegment scratch, long from, MemorySegment dx, long to, int count) {
    long step = 4L * shape.strideX();
    for (int x = 0; x < count; x++) {
      dx.set(JAVA_FLOAT_UNALIGNED, to + x * step, scratch.get(JAVA_FLOAT_UNALIGNED, from + 4L * x));
    }
  }
}
