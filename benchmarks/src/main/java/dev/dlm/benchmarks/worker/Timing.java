package dev.dlm.benchmarks.worker;

import dev.dlm.benchmarks.engine.Job;
import java.util.Arrays;

/**
 * How long a run takes: the median of blocks of runs, after a warm-up of three fifths of the time
 * that goes on until blocks take equally long.
 */
final class Timing {
  private static final double WARM_UP = 0.6;

  /** A warm-up ends at the latest after that many times its length. */
  private static final int PATIENCE = 4;

  /** As many blocks in a row, of times this near to each other, are stable. */
  private static final int STABLE_BLOCKS = 5;

  private static final double STABLE_SPREAD = 0.05;
  private static final int BLOCKS = 50;

  private Timing() {}

  /** Seconds a run. */
  static double median(Job job, double seconds) throws Exception {
    int runs = warmUp(job, seconds);
    double[] blocks = new double[2 * BLOCKS];
    int count = 0;
    long begin = System.nanoTime();
    while (count == 0 || secondsSince(begin) < seconds) {
      if (count == blocks.length) {
        blocks = Arrays.copyOf(blocks, 2 * count);
      }
      blocks[count++] = block(job, runs);
    }
    Arrays.sort(blocks, 0, count);
    return count % 2 == 1 ? blocks[count / 2] : (blocks[count / 2 - 1] + blocks[count / 2]) / 2;
  }

  /** Runs until stable, and says how many runs make a block. */
  private static int warmUp(Job job, double seconds) throws Exception {
    double[] last = new double[STABLE_BLOCKS];
    long begin = System.nanoTime();
    double blockSeconds = seconds / BLOCKS;
    int runs = 1;
    int blocks = 0;
    while (true) {
      double run = block(job, runs);
      last[blocks++ % STABLE_BLOCKS] = run;
      runs = (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(blockSeconds / run)));
      double elapsed = secondsSince(begin);
      boolean stable = blocks >= STABLE_BLOCKS && isStable(last);
      if (elapsed >= WARM_UP * seconds && (stable || elapsed >= PATIENCE * WARM_UP * seconds)) {
        return runs;
      }
    }
  }

  private static boolean isStable(double[] blocks) {
    double least = Arrays.stream(blocks).min().orElseThrow();
    double most = Arrays.stream(blocks).max().orElseThrow();
    return most <= (1 + STABLE_SPREAD) * least;
  }

  /** The seconds a run of a block. */
  private static double block(Job job, int runs) throws Exception {
    long begin = System.nanoTime();
    for (int i = 0; i < runs; i++) {
      job.run();
    }
    return secondsSince(begin) / runs;
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
