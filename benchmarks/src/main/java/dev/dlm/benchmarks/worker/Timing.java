package dev.dlm.benchmarks.worker;

import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.report.Measurement;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * How long a run of a job takes: the median of blocks of runs, after a warm-up of three fifths of
 * the time that goes on until the JVM compiles no more and blocks take equally long.
 *
 * <p>Equal times alone do not tell: while code waits for the JIT, it is slow and steady.
 */
final class Timing {
  private static final double WARM_UP = 0.6;

  /** A warm-up with unequal blocks ends at the latest after that many times its length. */
  private static final int PATIENCE = 4;

  /** As many blocks in a row, of times this near to each other, are stable. */
  private static final int STABLE_BLOCKS = 5;

  private static final double STABLE_SPREAD = 0.05;

  /** The JIT is at rest when it took less than this part of the time for so many seconds. */
  private static final double COMPILING = 0.03;

  private static final double REST_SECONDS = 1.5;

  /** The JIT is waited for no longer than this. */
  private static final double COMPILING_SECONDS = 40;

  private static final int BLOCKS = 50;

  private final Job job;
  private final CompilationTime compiler;

  /** How many runs make a block. */
  private int runs = 1;

  /** Measures in this JVM. */
  Timing(Job job) {
    this(job, CompilationTime.ofThisJvm());
  }

  Timing(Job job, CompilationTime compiler) {
    this.job = job;
    this.compiler = compiler;
  }

  /** The milliseconds that the JIT has worked so far. */
  interface CompilationTime {
    long milliseconds();

    /** Of this JVM; always 0 where it does not say. */
    static CompilationTime ofThisJvm() {
      CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
      return bean != null && bean.isCompilationTimeMonitoringSupported()
          ? bean::getTotalCompilationTime
          : () -> 0;
    }
  }

  /** Seconds a run, measured for so many seconds after the warm-up. */
  double median(double seconds) throws Exception {
    double[] blocks = new double[2 * BLOCKS];
    int count = 0;
    long begin = System.nanoTime();
    while (count == 0 || secondsSince(begin) < seconds) {
      if (count == blocks.length) {
        blocks = Arrays.copyOf(blocks, 2 * count);
      }
      blocks[count++] = block();
    }
    return Measurement.median(Arrays.copyOf(blocks, count));
  }

  /**
   * Runs until stable.
   *
   * @param seconds for how long the job will be measured in all
   */
  void warmUp(double seconds) throws Exception {
    double[] last = new double[STABLE_BLOCKS];
    long begin = System.nanoTime();
    long restBegin = begin;
    long compiled = compiler.milliseconds();
    double blockSeconds = seconds / BLOCKS;
    int blocks = 0;
    while (true) {
      double run = block();
      last[blocks++ % STABLE_BLOCKS] = run;
      double elapsed = secondsSince(begin);
      long compiledNow = compiler.milliseconds();
      if (compiledNow - compiled > COMPILING * 1e3 * secondsSince(restBegin)) {
        restBegin = System.nanoTime();
        compiled = compiledNow;
      }
      boolean rests = secondsSince(restBegin) >= REST_SECONDS || elapsed >= COMPILING_SECONDS;
      boolean stable = blocks >= STABLE_BLOCKS && isStable(last);
      if (elapsed >= WARM_UP * seconds
          && rests
          && (stable || elapsed >= PATIENCE * WARM_UP * seconds)) {
        return;
      }
      runs = (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(blockSeconds / run)));
    }
  }

  private static boolean isStable(double[] blocks) {
    double least = Arrays.stream(blocks).min().orElseThrow();
    double most = Arrays.stream(blocks).max().orElseThrow();
    return most <= (1 + STABLE_SPREAD) * least;
  }

  /** The seconds a run of a block. */
  private double block() throws Exception {
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
