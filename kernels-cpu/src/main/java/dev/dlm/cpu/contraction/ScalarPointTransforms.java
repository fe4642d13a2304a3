package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** {@link PointTransforms} one element at a time. */
final class ScalarPointTransforms implements PointTransforms {

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
    float[] line = new float[POINTS];
    for (int i = 0; i < lines * LANES; i++) {
      load(source, element(i, sourceIndex, sourceLineStep), sourceStep, POINTS, line);
      transformData(line);
      store(line, POINTS, target, element(i, targetIndex, targetLineStep), targetStep);
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
    float[] line = new float[POINTS];
    for (int i = 0; i < lines * LANES; i++) {
      load(source, element(i, sourceIndex, sourceLineStep), sourceStep, POINTS, line);
      transformData(line);
      int to = targetIndex + i / LANES * targetLineStep + i % LANES;
      for (int point = 0; point < POINTS; point++) {
        target[to + point * targetStep] = line[point];
      }
    }
  }

  private static void transformData(float[] x) {
    float evenA = Math.fma(x[2], -2f, x[4]);
    float oddA = Math.fma(x[1], -2f, x[3]);
    float evenB = Math.fma(x[2], -0.5f, x[4]);
    float oddB = Math.fma(x[1], -0.5f, x[3]);
    x[0] = Math.fma(x[2], -2.5f, x[0] + x[4]);
    x[5] = Math.fma(x[3], -2.5f, x[1] + x[5]);
    x[1] = Math.fma(oddA, A, evenA);
    x[2] = Math.fma(oddA, -A, evenA);
    x[3] = Math.fma(oddB, B, evenB);
    x[4] = Math.fma(oddB, -B, evenB);
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
    float[] line = new float[POINTS];
    for (int i = 0; i < lines * LANES; i++) {
      load(source, element(i, sourceIndex, sourceLineStep), sourceStep, taps, line);
      transformKernel(line, taps);
      store(line, POINTS, target, element(i, targetIndex, targetLineStep), targetStep);
    }
  }

  private static void transformKernel(float[] g, int taps) {
    float evenA = g[0];
    float evenB = g[0];
    float oddA = g[1];
    float oddB = g[1];
    if (taps > 2) {
      evenA = Math.fma(g[2], 0.5f, evenA);
      evenB = Math.fma(g[2], 2f, evenB);
    }
    if (taps > 3) {
      oddA = Math.fma(g[3], 0.5f, oddA);
      oddB = Math.fma(g[3], 2f, oddB);
    }
    if (taps > 4) {
      evenA = Math.fma(g[4], 0.25f, evenA);
      evenB = Math.fma(g[4], 4f, evenB);
    }
    evenA *= SCALE_A;
    evenB *= SCALE_B;
    g[5] = g[taps - 1];
    g[1] = Math.fma(oddA, SCALE_A * A, evenA);
    g[2] = Math.fma(oddA, -SCALE_A * A, evenA);
    g[3] = Math.fma(oddB, SCALE_B * B, evenB);
    g[4] = Math.fma(oddB, -SCALE_B * B, evenB);
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
    float[] line = new float[POINTS];
    for (int i = 0; i < lines * LANES; i++) {
      load(source, element(i, sourceIndex, sourceLineStep), sourceStep, POINTS, line);
      transformResults(line, results);
      store(line, results, target, element(i, targetIndex, targetLineStep), targetStep);
    }
  }

  private static void transformResults(float[] x, int results) {
    float sumA = x[1] + x[2];
    float sumB = x[3] + x[4];
    float differenceA = x[1] - x[2];
    float differenceB = x[3] - x[4];
    float last = x[5];
    x[0] = sumA + sumB + x[0];
    x[1] = power(differenceA, A, differenceB, B, results == 2, last);
    x[2] = power(sumA, 0.5f, sumB, 2f, results == 3, last);
    x[3] = power(differenceA, 0.5f * A, differenceB, 2 * B, results == 4, last);
    x[4] = power(sumA, 0.25f, sumB, 4f, results == 5, last);
  }

  private static float power(
      float ofA, float a, float ofB, float b, boolean isLast, float infinity) {
    return Math.fma(ofA, a, isLast ? Math.fma(ofB, b, infinity) : ofB * b);
  }

  private static long element(int i, long index, long lineStep) {
    return index + i / LANES * lineStep + i % LANES;
  }

  private static void load(
      MemorySegment source, long index, long step, int elements, float[] line) {
    for (int i = 0; i < elements; i++) {
      line[i] = source.get(JAVA_FLOAT_UNALIGNED, 4 * (index + i * step));
    }
  }

  private static void store(
      float[] line, int elements, MemorySegment target, long index, long step) {
    for (int i = 0; i < elements; i++) {
      target.set(JAVA_FLOAT_UNALIGNED, 4 * (index + i * step), line[i]);
    }
  }
}
