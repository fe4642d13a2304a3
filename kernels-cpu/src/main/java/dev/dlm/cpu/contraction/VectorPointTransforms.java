package dev.dlm.cpu.contraction;

import static dev.dlm.cpu.loop.ElementMemory.ALL;

import dev.dlm.cpu.loop.ElementMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PointTransforms} a vector at a time; to be touched only where the Vector API is present.
 *
 * <p>Elements are read and written at addresses, for the reason that {@link ElementMemory} gives.
 * Vectors are loaded and stored in place: C2 stops inlining methods of our own, though not those of
 * the Vector API, after some 8,000 bytes of bytecode, and what is passed to a method that is not
 * inlined goes to the heap.
 */
final class VectorPointTransforms implements PointTransforms {

  private static final VectorSpecies<Float> FLOATS = VectorTapMoves.FLOATS;
  private static final int STEP = FLOATS.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** The address of vectors of {@link #LANES} that lie so many elements apart along two axes. */
  private static long address(
      MemorySegment segment, long index, long step, int steps, long lineStep, int lines) {
    long across = (steps - 1) * step;
    long whole = Math.abs(across) + LANES;
    long first = index + Math.min(0, across);
    return ElementMemory.address(segment, 4 * first, lines, 4 * lineStep, 4 * whole)
        + 4 * (index - first);
  }

  @Override
  public void data(
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      MemorySegment target,
      long targetIndex,
      long targetStep,
      long targetLineStep) {
    long sourceAt = address(source, sourceIndex, sourceStep, POINTS, sourceLineStep, lines);
    long targetAt = address(target, targetIndex, targetStep, POINTS, targetLineStep, lines);
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = sourceAt + 4 * (line * sourceLineStep + lane);
        long to = targetAt + 4 * (line * targetLineStep + lane);
        FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 5 * step, ORDER);
        FloatVector evenA = x2.fma(FloatVector.broadcast(FLOATS, -2f), x4);
        FloatVector oddA = x1.fma(FloatVector.broadcast(FLOATS, -2f), x3);
        FloatVector evenB = x2.fma(FloatVector.broadcast(FLOATS, -0.5f), x4);
        FloatVector oddB = x1.fma(FloatVector.broadcast(FLOATS, -0.5f), x3);
        x2.fma(FloatVector.broadcast(FLOATS, -2.5f), x0.add(x4)).intoMemorySegment(ALL, to, ORDER);
        oddA.fma(FloatVector.broadcast(FLOATS, A), evenA)
            .intoMemorySegment(ALL, to + toStep, ORDER);
        oddA.fma(FloatVector.broadcast(FLOATS, -A), evenA)
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        oddB.fma(FloatVector.broadcast(FLOATS, B), evenB)
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
        oddB.fma(FloatVector.broadcast(FLOATS, -B), evenB)
            .intoMemorySegment(ALL, to + 4 * toStep, ORDER);
        x3.fma(FloatVector.broadcast(FLOATS, -2.5f), x1.add(x5))
            .intoMemorySegment(ALL, to + 5 * toStep, ORDER);
      }
    }
  }

  @Override
  public void data(
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      float[] target,
      int targetIndex,
      int targetStep,
      int targetLineStep) {
    long sourceAt = address(source, sourceIndex, sourceStep, POINTS, sourceLineStep, lines);
    long step = 4 * sourceStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = sourceAt + 4 * (line * sourceLineStep + lane);
        int to = targetIndex + line * targetLineStep + lane;
        FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 5 * step, ORDER);
        FloatVector evenA = x2.fma(FloatVector.broadcast(FLOATS, -2f), x4);
        FloatVector oddA = x1.fma(FloatVector.broadcast(FLOATS, -2f), x3);
        FloatVector evenB = x2.fma(FloatVector.broadcast(FLOATS, -0.5f), x4);
        FloatVector oddB = x1.fma(FloatVector.broadcast(FLOATS, -0.5f), x3);
        x2.fma(FloatVector.broadcast(FLOATS, -2.5f), x0.add(x4)).intoArray(target, to);
        oddA.fma(FloatVector.broadcast(FLOATS, A), evenA).intoArray(target, to + targetStep);
        oddA.fma(FloatVector.broadcast(FLOATS, -A), evenA).intoArray(target, to + 2 * targetStep);
        oddB.fma(FloatVector.broadcast(FLOATS, B), evenB).intoArray(target, to + 3 * targetStep);
        oddB.fma(FloatVector.broadcast(FLOATS, -B), evenB).intoArray(target, to + 4 * targetStep);
        x3.fma(FloatVector.broadcast(FLOATS, -2.5f), x1.add(x5))
            .intoArray(target, to + 5 * targetStep);
      }
    }
  }

  @Override
  public void kernel(
      int taps,
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      MemorySegment target,
      long targetIndex,
      long targetStep,
      long targetLineStep) {
    long from = address(source, sourceIndex, sourceStep, taps, sourceLineStep, lines);
    long to = address(target, targetIndex, targetStep, POINTS, targetLineStep, lines);
    switch (taps) {
      case 2 -> kernelOf2(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      case 3 -> kernelOf3(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      case 4 -> kernelOf4(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      case 5 -> kernelOf5(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      default -> throw noTransform(taps);
    }
  }

  private static void kernelOf2(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector g0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector evenA = g0.mul(FloatVector.broadcast(FLOATS, SCALE_A));
        FloatVector evenB = g0.mul(FloatVector.broadcast(FLOATS, SCALE_B));
        g0.intoMemorySegment(ALL, to, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + toStep, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, -SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, -SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 4 * toStep, ORDER);
        g1.intoMemorySegment(ALL, to + 5 * toStep, ORDER);
      }
    }
  }

  private static void kernelOf3(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector g0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector g2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector evenA =
            g2.fma(FloatVector.broadcast(FLOATS, 0.5f), g0)
                .mul(FloatVector.broadcast(FLOATS, SCALE_A));
        FloatVector evenB =
            g2.fma(FloatVector.broadcast(FLOATS, 2f), g0)
                .mul(FloatVector.broadcast(FLOATS, SCALE_B));
        g0.intoMemorySegment(ALL, to, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + toStep, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, -SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
        g1.fma(FloatVector.broadcast(FLOATS, -SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 4 * toStep, ORDER);
        g2.intoMemorySegment(ALL, to + 5 * toStep, ORDER);
      }
    }
  }

  private static void kernelOf4(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector g0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector g2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector g3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector evenA =
            g2.fma(FloatVector.broadcast(FLOATS, 0.5f), g0)
                .mul(FloatVector.broadcast(FLOATS, SCALE_A));
        FloatVector evenB =
            g2.fma(FloatVector.broadcast(FLOATS, 2f), g0)
                .mul(FloatVector.broadcast(FLOATS, SCALE_B));
        FloatVector oddA = g3.fma(FloatVector.broadcast(FLOATS, 0.5f), g1);
        FloatVector oddB = g3.fma(FloatVector.broadcast(FLOATS, 2f), g1);
        g0.intoMemorySegment(ALL, to, ORDER);
        oddA.fma(FloatVector.broadcast(FLOATS, SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + toStep, ORDER);
        oddA.fma(FloatVector.broadcast(FLOATS, -SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        oddB.fma(FloatVector.broadcast(FLOATS, SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
        oddB.fma(FloatVector.broadcast(FLOATS, -SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 4 * toStep, ORDER);
        g3.intoMemorySegment(ALL, to + 5 * toStep, ORDER);
      }
    }
  }

  private static void kernelOf5(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector g0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector g1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector g2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector g3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector g4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector evenA =
            g4.fma(
                    FloatVector.broadcast(FLOATS, 0.25f),
                    g2.fma(FloatVector.broadcast(FLOATS, 0.5f), g0))
                .mul(FloatVector.broadcast(FLOATS, SCALE_A));
        FloatVector evenB =
            g4.fma(FloatVector.broadcast(FLOATS, 4f), g2.fma(FloatVector.broadcast(FLOATS, 2f), g0))
                .mul(FloatVector.broadcast(FLOATS, SCALE_B));
        FloatVector oddA = g3.fma(FloatVector.broadcast(FLOATS, 0.5f), g1);
        FloatVector oddB = g3.fma(FloatVector.broadcast(FLOATS, 2f), g1);
        g0.intoMemorySegment(ALL, to, ORDER);
        oddA.fma(FloatVector.broadcast(FLOATS, SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + toStep, ORDER);
        oddA.fma(FloatVector.broadcast(FLOATS, -SCALE_A * A), evenA)
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        oddB.fma(FloatVector.broadcast(FLOATS, SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
        oddB.fma(FloatVector.broadcast(FLOATS, -SCALE_B * B), evenB)
            .intoMemorySegment(ALL, to + 4 * toStep, ORDER);
        g4.intoMemorySegment(ALL, to + 5 * toStep, ORDER);
      }
    }
  }

  @Override
  public void results(
      int results,
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      MemorySegment target,
      long targetIndex,
      long targetStep,
      long targetLineStep) {
    long from = address(source, sourceIndex, sourceStep, POINTS, sourceLineStep, lines);
    long to = address(target, targetIndex, targetStep, results, targetLineStep, lines);
    switch (results) {
      case 2 -> resultsOf2(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      case 3 -> resultsOf3(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      case 4 -> resultsOf4(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      case 5 -> resultsOf5(from, sourceStep, sourceLineStep, lines, to, targetStep, targetLineStep);
      default -> throw noTransform(results);
    }
  }

  private static void resultsOf2(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 5 * step, ORDER);
        FloatVector sumA = x1.add(x2);
        FloatVector sumB = x3.add(x4);
        FloatVector differenceA = x1.sub(x2);
        FloatVector differenceB = x3.sub(x4);
        sumA.add(sumB).add(x0).intoMemorySegment(ALL, to, ORDER);
        differenceA
            .fma(
                FloatVector.broadcast(FLOATS, A),
                differenceB.fma(FloatVector.broadcast(FLOATS, B), x5))
            .intoMemorySegment(ALL, to + toStep, ORDER);
      }
    }
  }

  private static void resultsOf3(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 5 * step, ORDER);
        FloatVector sumA = x1.add(x2);
        FloatVector sumB = x3.add(x4);
        FloatVector differenceA = x1.sub(x2);
        FloatVector differenceB = x3.sub(x4);
        sumA.add(sumB).add(x0).intoMemorySegment(ALL, to, ORDER);
        differenceA
            .fma(
                FloatVector.broadcast(FLOATS, A), differenceB.mul(FloatVector.broadcast(FLOATS, B)))
            .intoMemorySegment(ALL, to + toStep, ORDER);
        sumA.fma(
                FloatVector.broadcast(FLOATS, 0.5f),
                sumB.fma(FloatVector.broadcast(FLOATS, 2f), x5))
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
      }
    }
  }

  private static void resultsOf4(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 5 * step, ORDER);
        FloatVector sumA = x1.add(x2);
        FloatVector sumB = x3.add(x4);
        FloatVector differenceA = x1.sub(x2);
        FloatVector differenceB = x3.sub(x4);
        sumA.add(sumB).add(x0).intoMemorySegment(ALL, to, ORDER);
        differenceA
            .fma(
                FloatVector.broadcast(FLOATS, A), differenceB.mul(FloatVector.broadcast(FLOATS, B)))
            .intoMemorySegment(ALL, to + toStep, ORDER);
        sumA.fma(FloatVector.broadcast(FLOATS, 0.5f), sumB.mul(FloatVector.broadcast(FLOATS, 2f)))
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        differenceA
            .fma(
                FloatVector.broadcast(FLOATS, 0.5f * A),
                differenceB.fma(FloatVector.broadcast(FLOATS, 2 * B), x5))
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
      }
    }
  }

  private static void resultsOf5(
      long source,
      long sourceStep,
      long sourceLineStep,
      int lines,
      long target,
      long targetStep,
      long targetLineStep) {
    long step = 4 * sourceStep;
    long toStep = 4 * targetStep;
    for (int line = 0; line < lines; line++) {
      for (int lane = 0; lane < LANES; lane += STEP) {
        long from = source + 4 * (line * sourceLineStep + lane);
        long to = target + 4 * (line * targetLineStep + lane);
        FloatVector x0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
        FloatVector x1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + step, ORDER);
        FloatVector x2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 2 * step, ORDER);
        FloatVector x3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 3 * step, ORDER);
        FloatVector x4 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 4 * step, ORDER);
        FloatVector x5 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 5 * step, ORDER);
        FloatVector sumA = x1.add(x2);
        FloatVector sumB = x3.add(x4);
        FloatVector differenceA = x1.sub(x2);
        FloatVector differenceB = x3.sub(x4);
        sumA.add(sumB).add(x0).intoMemorySegment(ALL, to, ORDER);
        differenceA
            .fma(
                FloatVector.broadcast(FLOATS, A), differenceB.mul(FloatVector.broadcast(FLOATS, B)))
            .intoMemorySegment(ALL, to + toStep, ORDER);
        sumA.fma(FloatVector.broadcast(FLOATS, 0.5f), sumB.mul(FloatVector.broadcast(FLOATS, 2f)))
            .intoMemorySegment(ALL, to + 2 * toStep, ORDER);
        differenceA
            .fma(
                FloatVector.broadcast(FLOATS, 0.5f * A),
                differenceB.mul(FloatVector.broadcast(FLOATS, 2 * B)))
            .intoMemorySegment(ALL, to + 3 * toStep, ORDER);
        sumA.fma(
                FloatVector.broadcast(FLOATS, 0.25f),
                sumB.fma(FloatVector.broadcast(FLOATS, 4f), x5))
            .intoMemorySegment(ALL, to + 4 * toStep, ORDER);
      }
    }
  }

  private static IllegalArgumentException noTransform(int elements) {
    return new IllegalArgumentException("there is no transform of " + elements + " elements");
  }
}
