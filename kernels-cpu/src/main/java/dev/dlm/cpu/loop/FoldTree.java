package dev.dlm.cpu.loop;

import dev.dlm.op.array.Reduce;

/**
 * The tree that combines the lanes of a fold of {@code f32} in the order of {@link
 * dev.dlm.plan.LoopKernel}: one method for each kind of fold, named after it. Generated code calls
 * them.
 */
final class FoldTree {
  private FoldTree() {}

  /** Combines sixteen lanes from {@code at} on. */
  static float of(Reduce.Kind kind, float[] lanes, int at) {
    return switch (kind) {
      case SUM -> sum(lanes, at);
      case PRODUCT -> product(lanes, at);
      case MAX -> max(lanes, at);
      case MIN -> min(lanes, at);
      case ANY, ALL -> throw new IllegalArgumentException("a logical fold of f32");
    };
  }

  static float sum(float[] lanes, int at) {
    float a = (lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12]);
    float b = (lanes[at + 1] + lanes[at + 9]) + (lanes[at + 5] + lanes[at + 13]);
    float c = (lanes[at + 2] + lanes[at + 10]) + (lanes[at + 6] + lanes[at + 14]);
    float d = (lanes[at + 3] + lanes[at + 11]) + (lanes[at + 7] + lanes[at + 15]);
    return (a + c) + (b + d);
  }

  static float product(float[] lanes, int at) {
    float a = (lanes[at] * lanes[at + 8]) * (lanes[at + 4] * lanes[at + 12]);
    float b = (lanes[at + 1] * lanes[at + 9]) * (lanes[at + 5] * lanes[at + 13]);
    float c = (lanes[at + 2] * lanes[at + 10]) * (lanes[at + 6] * lanes[at + 14]);
    float d = (lanes[at + 3] * lanes[at + 11]) * (lanes[at + 7] * lanes[at + 15]);
    return (a * c) * (b * d);
  }

  /** The order does not matter to the result. */
  static float max(float[] lanes, int at) {
    float most = lanes[at];
    for (int lane = 1; lane < 16; lane++) {
      most = Math.max(most, lanes[at + lane]);
    }
    return most;
  }

  /** The order does not matter to the result. */
  static float min(float[] lanes, int at) {
    float least = lanes[at];
    for (int lane = 1; lane < 16; lane++) {
      least = Math.min(least, lanes[at + lane]);
    }
    return least;
  }
}
