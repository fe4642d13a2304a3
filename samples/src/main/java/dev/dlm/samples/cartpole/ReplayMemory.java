package dev.dlm.samples.cartpole;

import java.util.Random;

/** What was done and what came of it: the latest steps, from which training draws at random. */
final class ReplayMemory {
  private final float[][] before;
  private final float[][] after;
  private final int[] actions;
  private final boolean[] failed;
  private int count;
  private int next;

  ReplayMemory(int capacity) {
    before = new float[capacity][];
    after = new float[capacity][];
    actions = new int[capacity];
    failed = new boolean[capacity];
  }

  /** Keeps one step in place of the oldest. */
  void add(float[] stateBefore, int action, float[] stateAfter, boolean hasFailed) {
    before[next] = stateBefore;
    actions[next] = action;
    after[next] = stateAfter;
    failed[next] = hasFailed;
    next = (next + 1) % before.length;
    count = Math.min(count + 1, before.length);
  }

  int count() {
    return count;
  }

  /**
   * Some of the steps.
   *
   * @param before states one after the other
   * @param after likewise
   */
  record Steps(float[] before, int[] actions, float[] after, boolean[] failed) {}

  /** Draws steps, any of them possibly more than once. */
  Steps draw(int steps, Random random) {
    Steps drawn =
        new Steps(
            new float[steps * Cartpole.STATE],
            new int[steps],
            new float[steps * Cartpole.STATE],
            new boolean[steps]);
    for (int i = 0; i < steps; i++) {
      int from = random.nextInt(count);
      System.arraycopy(before[from], 0, drawn.before, i * Cartpole.STATE, Cartpole.STATE);
      System.arraycopy(after[from], 0, drawn.after, i * Cartpole.STATE, Cartpole.STATE);
      drawn.actions[i] = actions[from];
      drawn.failed[i] = failed[from];
    }
    return drawn;
  }
}
