package dev.dlm.benchmarks.limit;

import dev.dlm.benchmarks.work.Cost;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the machine can do at most, each a second and for all threads together.
 *
 * @param operations additions and multiplications of single precision on registers alone
 * @param largeCopyBytes bytes read and written, copying 1 GiB
 * @param copyBytes the same, copying 16 MiB
 * @param cacheBytes bytes read again and again from 256 KiB a thread, which lie in the second cache
 */
public record Limits(
    int threads, double operations, double largeCopyBytes, double copyBytes, double cacheBytes) {
  private static final int MEBIBYTE = 1 << 20;
  private static final int ROUNDS = 9;

  /** The least time that work of some cost takes, in seconds. */
  public double seconds(Cost cost) {
    return Math.max(
        cost.operations() / operations,
        Math.max(cost.memoryBytes() / copyBytes, cost.cacheBytes() / cacheBytes));
  }

  /**
   * Measures.
   *
   * @param seconds for each of the limits, about
   */
  public static Limits measure(int threads, double seconds)
      throws InterruptedException, ExecutionException {
    return new Limits(
        threads,
        rate(threads, seconds, (_, _) -> new Arithmetic()),
        rate(threads, seconds, (arena, share) -> new Copy(arena, 1024L * MEBIBYTE / share)),
        rate(threads, seconds, (arena, share) -> new Copy(arena, 16L * MEBIBYTE / share)),
        rate(threads, seconds, (_, _) -> new CacheReading()));
  }

  /** Makes what one thread does. */
  @FunctionalInterface
  private interface ProbeMaker {
    Probe make(Arena arena, int threads);
  }

  private static double rate(int threads, double seconds, ProbeMaker maker)
      throws InterruptedException, ExecutionException {
    try (Arena arena = Arena.ofShared();
        ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<double[]>> rates = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        Probe probe = maker.make(arena, threads);
        rates.add(workers.submit(() -> rounds(probe, seconds)));
      }
      double[] sums = new double[ROUNDS];
      for (Future<double[]> ofThread : rates) {
        double[] found = ofThread.get();
        for (int i = 0; i < ROUNDS; i++) {
          sums[i] += found[i];
        }
      }
      Arrays.sort(sums);
      return sums[ROUNDS / 2];
    }
  }

  /** The rates of as many rounds, after a third as many to warm up. */
  private static double[] rounds(Probe probe, double seconds) {
    long nanos = (long) (seconds * 1e9 / (ROUNDS + ROUNDS / 3));
    double[] rates = new double[ROUNDS];
    for (int round = -ROUNDS / 3; round < ROUNDS; round++) {
      double done = 0;
      long begin = System.nanoTime();
      long elapsed;
      do {
        done += probe.run();
        elapsed = System.nanoTime() - begin;
      } while (elapsed < nanos);
      if (round >= 0) {
        rates[round] = done * 1e9 / elapsed;
      }
    }
    return rates;
  }
}
