package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * One axis of the transforms of a convolution over six points, which are applied along columns and
 * then along rows.
 *
 * <p>A correlation of 6 data with a kernel of {@code n} taps has {@code 7 - n} results. It is the
 * sum over the points of products of transformed data and transformed kernels, transformed back
 * (Toom and Cook; S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray,
 * Fast Algorithms for Convolutional Neural Networks, arXiv:1509.09308). The points are 0, ±√½, ±√2
 * and infinity: those that are each other's inverses keep all coefficients between ¼ and 4, which
 * loses less precision than 0, ±1, ±2.
 *
 * <p>Each method works on {@code lines}, and on {@value #LANES} neighbouring elements of a line at
 * once, each for itself: element {@code i} of line {@code l} lies {@code i * step + l * lineStep}
 * behind the first. Indices and steps count elements, in arrays and in memory. The order of
 * operations is fixed, so that all implementations give the same bits.
 */
interface PointTransforms {

  /** Elements side by side. */
  int LANES = 16;

  /** Points of one axis. */
  int POINTS = 6;

  float A = (float) 0.70710678118654752440;
  float B = (float) 1.41421356237309504880;

  /** 1 / (2 a² (a² − b²)), which the transformed kernel carries. */
  float SCALE_A = -2f / 3;

  /** 1 / (2 b² (b² − a²)). */
  float SCALE_B = 1f / 6;

  /** Transforms lines of six data. */
  void data(
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      MemorySegment target,
      long targetIndex,
      long targetStep,
      long targetLineStep);

  /** As the method above, to an array. */
  void data(
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      float[] target,
      int targetIndex,
      int targetStep,
      int targetLineStep);

  /**
   * Transforms lines of taps.
   *
   * @param taps taps of a line, from 2 to 5
   */
  void kernel(
      int taps,
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      MemorySegment target,
      long targetIndex,
      long targetStep,
      long targetLineStep);

  /**
   * Transforms lines of six products back.
   *
   * @param results results of a line, from 2 to 5
   */
  void results(
      int results,
      MemorySegment source,
      long sourceIndex,
      long sourceStep,
      long sourceLineStep,
      int lines,
      MemorySegment target,
      long targetIndex,
      long targetStep,
      long targetLineStep);
}
