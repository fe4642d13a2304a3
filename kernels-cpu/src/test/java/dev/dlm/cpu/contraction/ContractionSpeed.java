package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Measures contractions against what this core can do at most in registers, in the same run. Not a
 * test: run its main method, with the number of threads as argument.
 */
final class ContractionSpeed {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final long MEASURED_NANOS = 400_000_000;
  private static final PrintStream OUT = System.out;

  private static final List<ConvolutionShape> CONVOLUTIONS =
      List.of(
          // batch, groups, in c h w, out c h w, kernel, stride, pad, dilation
          new ConvolutionShape(128, 1, 1, 28, 28, 32, 28, 28, 5, 5, 1, 1, 2, 2, 1, 1),
          new ConvolutionShape(128, 1, 32, 14, 14, 64, 14, 14, 5, 5, 1, 1, 2, 2, 1, 1),
          new ConvolutionShape(64, 1, 3, 32, 32, 64, 32, 32, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 64, 32, 32, 64, 32, 32, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 128, 16, 16, 128, 16, 16, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 256, 8, 8, 256, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 512, 4, 4, 512, 4, 4, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 64, 32, 32, 128, 16, 16, 3, 3, 2, 2, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 256, 8, 8, 512, 4, 4, 3, 3, 2, 2, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 64, 32, 32, 128, 16, 16, 1, 1, 2, 2, 0, 0, 1, 1),
          new ConvolutionShape(64, 1, 256, 8, 8, 512, 4, 4, 1, 1, 2, 2, 0, 0, 1, 1),
          new ConvolutionShape(64, 1, 64, 32, 32, 64, 32, 32, 1, 1, 1, 1, 0, 0, 1, 1),
          new ConvolutionShape(64, 1, 1, 28, 28, 64, 14, 14, 4, 4, 2, 2, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 64, 14, 14, 128, 7, 7, 4, 4, 2, 2, 1, 1, 1, 1),
          new ConvolutionShape(64, 64, 64, 32, 32, 64, 32, 32, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 8, 64, 32, 32, 64, 32, 32, 3, 3, 1, 1, 1, 1, 1, 1),
          new ConvolutionShape(64, 1, 64, 1, 512, 64, 1, 512, 1, 3, 1, 1, 0, 1, 1, 1));

  private ContractionSpeed() {}

  public static void main(String[] arguments) {
    int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
    double peak = peak() * threads;
    OUT.printf("peak of %d threads: %.1f GFLOP/s%n", threads, peak);
    try (WorkerPool pool = new WorkerPool(threads);
        Arena arena = Arena.ofShared()) {
      for (ConvolutionShape shape : CONVOLUTIONS) {
        convolutions(pool, arena, peak, shape);
      }
      if (arguments.length > 1) {
        return;
      }
      for (int size : new int[] {512, 768, 1024, 1152}) {
        matrix(pool, arena, peak, size, size, size, false, false);
      }
      int[][] shapes = {
        {128, 128, 784},
        {128, 1024, 3136},
        {1022, 256, 768},
        {28, 768, 3072},
        {128, 10, 128},
        {1, 1024, 1024},
        {1024, 1, 1024},
        {64, 64, 64}
      };
      for (int[] shape : shapes) {
        for (int transposition = 0; transposition < 4; transposition++) {
          matrix(
              pool,
              arena,
              peak,
              shape[0],
              shape[1],
              shape[2],
              (transposition & 1) != 0,
              (transposition & 2) != 0);
        }
      }
    }
    OUT.printf("peak of %d threads: %.1f GFLOP/s%n", threads, peak() * threads);
  }

  private static void matrix(
      WorkerPool pool,
      Arena arena,
      double peak,
      int rows,
      int columns,
      int depth,
      boolean transposeA,
      boolean transposeB) {
    MemorySegment a = random(arena, (long) rows * depth);
    MemorySegment b = random(arena, (long) depth * columns);
    MemorySegment c = arena.allocate(4L * rows * columns, 64);
    MatrixProduct product =
        new MatrixProduct(
            ElementKind.F32,
            1,
            rows,
            columns,
            depth,
            transposeA ? MatrixLayout.columnMajor(rows, depth) : MatrixLayout.rowMajor(rows, depth),
            transposeB
                ? MatrixLayout.columnMajor(depth, columns)
                : MatrixLayout.rowMajor(depth, columns),
            MatrixLayout.rowMajor(rows, columns));
    String name =
        "%d x %d x %d %s%s"
            .formatted(rows, columns, depth, transposeA ? "T" : "N", transposeB ? "T" : "N");
    report(
        name,
        2.0 * rows * columns * depth,
        peak,
        product.bind(a, 0, b, 0, c, 0, pool, arena, null));
    if (product.canPack()) {
      PackedMatrix packed = product.allocatePacked(arena);
      product.bindPacking(b, 0, packed, pool).run();
      report(
          name + " packed",
          2.0 * rows * columns * depth,
          peak,
          product.bind(a, 0, packed, c, 0, pool, null));
    }
  }

  private static void convolutions(WorkerPool pool, Arena arena, double peak, ConvolutionShape s) {
    MemorySegment x = random(arena, (long) s.batch() * s.inputChannels() * s.inputPixels());
    MemorySegment w = random(arena, (long) s.outputChannels() * s.groupInputs() * s.taps());
    MemorySegment y = random(arena, (long) s.batch() * s.outputChannels() * s.outputPixels());
    Convolution2d convolution = new Convolution2d(ElementKind.F32, s);
    double operations =
        2.0 * s.batch() * s.outputPixels() * s.outputChannels() * s.groupInputs() * s.taps();
    String name =
        "conv %d to %d, %d x %d, /%d, %d groups"
            .formatted(
                s.inputChannels(),
                s.outputChannels(),
                s.inputHeight(),
                s.kernelHeight(),
                s.strideY(),
                s.groups());
    report(
        name + " forward",
        operations,
        peak,
        convolution.bindForward(x, 0, w, 0, y, 0, pool, arena, null, null));
    report(
        name + " input gradient",
        operations,
        peak,
        convolution.bindInputGradient(y, 0, w, 0, x, 0, pool, arena, null));
    report(
        name + " kernel gradient",
        operations,
        peak,
        convolution.bindKernelGradient(x, 0, y, 0, w, 0, pool, arena));
  }

  static void report(String name, double operations, double peak, Runnable work) {
    double best = Double.MAX_VALUE;
    long end = System.nanoTime() + MEASURED_NANOS * 2;
    while (System.nanoTime() < end) {
      int repeats = Math.max(1, (int) (4e-3 / (operations / peak * 1e-9)));
      long start = System.nanoTime();
      for (int i = 0; i < repeats; i++) {
        work.run();
      }
      best = Math.min(best, (System.nanoTime() - start) / (double) repeats);
    }
    double speed = operations / best;
    OUT.printf(
        "%-52s %8.1f GFLOP/s  %5.1f %%  %9.1f us%n", name, speed, 100 * speed / peak, best / 1e3);
  }

  static MemorySegment random(Arena arena, long count) {
    SplittableRandom random = new SplittableRandom(1);
    MemorySegment segment = arena.allocate(4 * count, 64);
    for (long i = 0; i < count; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return segment;
  }

  /** What one thread does at most, in GFLOP/s. */
  static double peak() {
    double best = 0;
    int steps = 4_000_000;
    for (int i = 0; i < 12; i++) {
      long start = System.nanoTime();
      float sum = multiplyInRegisters(steps);
      double speed = 24.0 * SPECIES.length() * steps / (System.nanoTime() - start);
      best = Float.isNaN(sum) ? 0 : Math.max(best, speed);
    }
    return best;
  }

  private static float multiplyInRegisters(int steps) {
    FloatVector a = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector b = FloatVector.broadcast(SPECIES, 0.25f);
    FloatVector s0 = a;
    FloatVector s1 = a;
    FloatVector s2 = a;
    FloatVector s3 = a;
    FloatVector s4 = a;
    FloatVector s5 = a;
    FloatVector s6 = a;
    FloatVector s7 = a;
    FloatVector s8 = a;
    FloatVector s9 = a;
    FloatVector s10 = a;
    FloatVector s11 = a;
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(b, a);
      s1 = s1.fma(b, a);
      s2 = s2.fma(b, a);
      s3 = s3.fma(b, a);
      s4 = s4.fma(b, a);
      s5 = s5.fma(b, a);
      s6 = s6.fma(b, a);
      s7 = s7.fma(b, a);
      s8 = s8.fma(b, a);
      s9 = s9.fma(b, a);
      s10 = s10.fma(b, a);
      s11 = s11.fma(b, a);
    }
    FloatVector sum = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    return sum.add(s6).add(s7).add(s8).add(s9).add(s10).add(s11).reduceLanes(VectorOperators.ADD);
  }
}
