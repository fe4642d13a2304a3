package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** All tensors of one convolution: operands random, results untouched. */
record ConvolutionTensors(
    ConvolutionShape shape, MemorySegment x, MemorySegment w, MemorySegment dy) {

  /** Memory that is not empty. */
  static final SegmentAllocator DIRTY =
      (sizeBytes, alignment) -> Arena.ofAuto().allocate(sizeBytes + 4, alignment).fill((byte) 0x7f);

  static ConvolutionTensors of(ConvolutionShape s, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new ConvolutionTensors(
        s,
        random(s.batch() * s.inputChannels() * s.inputPixels(), random),
        random(s.outputChannels() * s.groupInputs() * s.taps(), random),
        random(s.batch() * s.outputChannels() * s.outputPixels(), random));
  }

  private static MemorySegment random(int count, SplittableRandom random) {
    MemorySegment segment = Arena.ofAuto().allocate(4L * count + 4, 4);
    for (int i = 0; i < count; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return segment;
  }

  static MemorySegment like(MemorySegment segment) {
    MemorySegment copy = Arena.ofAuto().allocate(segment.byteSize(), 4);
    copy.fill((byte) 0x7f);
    return copy;
  }

  MemorySegment forward(TileSet tiles, WorkerPool pool) {
    MemorySegment y = like(dy);
    new Convolution2d(tiles, ElementKind.F32, shape)
        .bindForward(x, 0, w, 0, y, 0, pool, DIRTY, null, null)
        .run();
    return y;
  }

  /** As {@link #forward}, by a kernel that is prepared once, which has another value before. */
  MemorySegment forwardWithKeptKernel(TileSet tiles, WorkerPool pool) {
    MemorySegment y = like(dy);
    MemorySegment kernel = like(w);
    List<Runnable> kernelWork = new ArrayList<>();
    Runnable bound =
        new Convolution2d(tiles, ElementKind.F32, shape)
            .bindForward(x, 0, kernel, 0, y, 0, pool, DIRTY, kernelWork::add, null);
    kernelWork.forEach(Runnable::run);
    bound.run();
    kernel.copyFrom(w);
    kernelWork.forEach(Runnable::run);
    bound.run();
    return y;
  }

  MemorySegment inputGradient(TileSet tiles, WorkerPool pool) {
    MemorySegment dx = like(x);
    Convolution2d convolution = new Convolution2d(tiles, ElementKind.F32, shape);
    convolution.bindInputGradient(dy, 0, w, 0, dx, 0, pool, DIRTY, null).run();
    return dx;
  }

  MemorySegment kernelGradient(TileSet tiles, WorkerPool pool) {
    MemorySegment dw = like(w);
    Convolution2d convolution = new Convolution2d(tiles, ElementKind.F32, shape);
    convolution.bindKernelGradient(x, 0, dy, 0, dw, 0, pool, DIRTY).run();
    return dw;
  }

  /** All results in double precision. */
  record Formula(double[] y, double[] dx, double[] dw) {

    static Formula of(ConvolutionTensors t) {
      ConvolutionShape s = t.shape();
      double[] y = new double[s.batch() * s.outputChannels() * s.outputPixels()];
      double[] dx = new double[s.batch() * s.inputChannels() * s.inputPixels()];
      double[] dw = new double[s.outputChannels() * s.groupInputs() * s.taps()];
      forEachProduct(
          s,
          (iy, ix, iw) -> {
            y[iy] += at(t.x(), ix) * at(t.w(), iw);
            dx[ix] += at(t.dy(), iy) * at(t.w(), iw);
            dw[iw] += at(t.dy(), iy) * at(t.x(), ix);
          });
      return new Formula(y, dx, dw);
    }
  }

  private static double at(MemorySegment segment, int index) {
    return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  interface ProductVisitor {
    void visit(int y, int x, int w);
  }

  static void forEachProduct(ConvolutionShape s, ProductVisitor visitor) {
    for (int n = 0; n < s.batch(); n++) {
      for (int o = 0; o < s.outputChannels(); o++) {
        for (int c = 0; c < s.groupInputs(); c++) {
          int channel = o / s.groupOutputs() * s.groupInputs() + c;
          for (int p = 0; p < s.outputPixels(); p++) {
            for (int k = 0; k < s.taps(); k++) {
              int y =
                  p / s.outputWidth() * s.strideY()
                      + k / s.kernelWidth() * s.dilationY()
                      - s.padTop();
              int x =
                  p % s.outputWidth() * s.strideX()
                      + k % s.kernelWidth() * s.dilationX()
                      - s.padLeft();
              if (y >= 0 && y < s.inputHeight() && x >= 0 && x < s.inputWidth()) {
                visitor.visit(
                    (n * s.outputChannels() + o) * s.outputPixels() + p,
                    ((n * s.inputChannels() + channel) * s.inputHeight() + y) * s.inputWidth() + x,
                    (o * s.groupInputs() + c) * s.taps() + k);
              }
            }
          }
        }
      }
    }
  }
}
