package dev.dlm.benchmarks.work;

import java.util.SplittableRandom;

/** The elements of inputs and weights, which follow from a tensor's name alone. */
public final class Values {
  private Values() {}

  /** Numbers in [−1, 1). */
  public static float[] input(String name, int count) {
    return uniform(name, count, 1);
  }

  /**
   * A weight with {@code fanIn} inputs to each output: numbers in ±√(3 / fanIn), which keep the
   * variance of what goes through.
   */
  public static float[] weight(String name, int count, int fanIn) {
    return uniform(name, count, (float) Math.sqrt(3.0 / fanIn));
  }

  /** Scales of a normalization: numbers in [0.9, 1.1). */
  public static float[] scale(String name, int count) {
    float[] values = uniform(name, count, 0.1f);
    for (int i = 0; i < count; i++) {
      values[i] += 1;
    }
    return values;
  }

  /** Biases and shifts: numbers in [−0.1, 0.1). */
  public static float[] bias(String name, int count) {
    return uniform(name, count, 0.1f);
  }

  /** Classes or tokens: whole numbers from 0 to {@code bound - 1}. */
  public static int[] index(String name, int count, int bound) {
    return random(name).ints(count, 0, bound).toArray();
  }

  private static float[] uniform(String name, int count, float bound) {
    SplittableRandom random = random(name);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-bound, bound);
    }
    return values;
  }

  private static SplittableRandom random(String name) {
    return new SplittableRandom(name.hashCode());
  }
}
