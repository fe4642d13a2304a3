package dev.dlm.cpu.loop;

import dev.dlm.plan.LoopKernel;

/**
 * What generated code works on: positions in memory and the arrays of running folds. Used by one
 * thread at a time. Fields are read by name from generated classes.
 */
final class LoopState {
  /** Bytes, for accesses, or elements, for other linear forms, by which a line moves on. */
  final long[] outerSteps;

  /** Bytes, for accesses, or elements, for other linear forms, by which an iteration moves on. */
  final long[] innerSteps;

  /** Numbers that do not change while the kernel runs. */
  final long[] parameters;

  /**
   * Where each linear form stands at the first iteration of the first line; addresses, for
   * accesses.
   */
  final long[] positions;

  /** For each bounded access whether all of this run lies inside. */
  final boolean[] inside;

  /** The lane of the first column. */
  int lane;

  /** How many rows before the first iteration the arrays of folds begin. */
  int firstRow;

  /** Where the first line of what is fetched begins; moves on as the access does. */
  long fetchFrom;

  /** What became of fetched elements: the JIT leaves out loads whose results go nowhere. */
  int fetched;

  /** Elements from one lane of a fold to the next. */
  final int laneStride;

  /** Running folds, {@link dev.dlm.plan.LoopKernel#FOLD_LANES} lanes each. */
  final FoldArrays lanes;

  /** Folds of the blocks of columns seen so far, and in the end of all. */
  final FoldArrays results;

  /** Sixteen elements on their way to or from places that are no neighbours. */
  final float[] floatBuffer = new float[16];

  /** As {@link #floatBuffer}. */
  final int[] intBuffer = new int[16];

  /** As {@link #floatBuffer}. */
  final double[] doubleBuffer = new double[16];

  /** As {@link #floatBuffer}. */
  final long[] longBuffer = new long[16];

  /** Counters of the driver's loops, one for each axis. */
  final long[] counters;

  /** Positions of the linear forms at the driver's counters. */
  final long[] line;

  /** Positions of the linear forms at the first column of the row at hand. */
  final long[] row;

  LoopState(
      int countAccesses,
      long[] outerSteps,
      long[] innerSteps,
      long[] parameters,
      int axes,
      int laneStride,
      FoldArrays lanes,
      FoldArrays results) {
    this.outerSteps = outerSteps;
    this.innerSteps = innerSteps;
    this.parameters = parameters;
    this.positions = new long[outerSteps.length];
    this.line = new long[outerSteps.length];
    this.row = new long[outerSteps.length];
    this.inside = new boolean[countAccesses];
    this.counters = new long[axes];
    this.laneStride = laneStride;
    this.lanes = lanes;
    this.results = results;
  }

  /**
   * Moves the first iteration of each line on.
   *
   * @param alongColumns whether iterations are columns of a row
   */
  void moveOn(int iterations, boolean alongColumns) {
    for (int form = 0; form < positions.length; form++) {
      positions[form] += innerSteps[form] * iterations;
    }
    if (alongColumns) {
      lane = (lane + iterations) & (LoopKernel.FOLD_LANES - 1);
    } else {
      firstRow += iterations;
    }
  }
}
