package dev.dlm.cpu.device;

import dev.dlm.cpu.VectorModule;
import dev.dlm.cpu.math.ScalarPeak;
import dev.dlm.cpu.math.VectorPeak;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures what the processor can do at most with the threads of a pool: arithmetic by a loop of
 * fused multiply-adds that touches registers alone, memory by copying what no cache holds. Each is
 * the best of many short blocks, so that what else runs on the machine disturbs it little.
 */
final class MachineLimits {
  /** For each of the two measurements. */
  private static final long LEAST_NANOS = 250_000_000;

  private static final long MOST_NANOS = 20_000_000_000L;

  /** Half a billion multiply-adds a second and lane: code that is compiled does more anywhere. */
  private static final double LEAST_OPERATIONS_PER_LANE = 1e9;

  private static final double LEAST_BYTES_PER_SECOND = 1e8;

  /** A block shorter than this is made longer. */
  private static final long BLOCK_NANOS = 500_000;

  /** How long the best must have stood. */
  private static final long SETTLED_NANOS = 100_000_000;

  private static final long COPIED_BYTES = 64L << 20;

  /** By the number of threads. */
  private static final Map<Integer, DeviceLimits> MEASURED = new ConcurrentHashMap<>();

  private MachineLimits() {}

  /** One measured block. */
  @FunctionalInterface
  private interface Block {
    /**
     * Does some work on all threads.
     *
     * @param repetitions how much of it each thread does
     * @return how much it was in all
     */
    double run(int repetitions);
  }

  /** Measures, the first time that this process asks for so many threads. */
  static DeviceLimits of(WorkerPool pool) {
    return MEASURED.computeIfAbsent(pool.threads(), _ -> measure(pool));
  }

  private static DeviceLimits measure(WorkerPool pool) {
    return new DeviceLimits(operationsPerSecond(pool), bytesPerSecond(pool));
  }

  private static double operationsPerSecond(WorkerPool pool) {
    int threads = pool.threads();
    float[] sums = new float[threads];
    boolean vectors = VectorModule.isPresent();
    double operations = vectors ? VectorPeak.OPERATIONS : ScalarPeak.OPERATIONS;
    int lanes = vectors ? VectorPeak.LANES : 1;
    return best(
        repetitions -> {
          pool.run(
              threads,
              index ->
                  sums[index] =
                      vectors ? VectorPeak.run(repetitions) : ScalarPeak.run(repetitions));
          return operations * repetitions * threads;
        },
        1000,
        LEAST_OPERATIONS_PER_LANE * lanes);
  }

  private static double bytesPerSecond(WorkerPool pool) {
    int threads = pool.threads();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment from = CpuMemory.allocate(arena, COPIED_BYTES);
      MemorySegment to = CpuMemory.allocate(arena, COPIED_BYTES);
      long part = COPIED_BYTES / threads;
      return best(
          repetitions -> {
            pool.run(
                threads, index -> MemorySegment.copy(from, index * part, to, index * part, part));
            return 2.0 * part * threads;
          },
          1,
          LEAST_BYTES_PER_SECOND);
    }
  }

  /**
   * The best rate of all blocks, by second.
   *
   * @param plausible what the best exceeds once the JIT has compiled the block, for which a busy
   *     machine may take long
   */
  private static double best(Block block, int firstRepetitions, double plausible) {
    int repetitions = firstRepetitions;
    double best = 0;
    long begin = System.nanoTime();
    long improved = begin;
    long now = begin;
    while (now - begin < LEAST_NANOS
        || ((best < plausible || now - improved < SETTLED_NANOS) && now - begin < MOST_NANOS)) {
      double work = block.run(repetitions);
      long end = System.nanoTime();
      double rate = work / Math.max(1, end - now) * 1e9;
      if (rate > best * 1.01) {
        improved = end;
      }
      best = Math.max(best, rate);
      if (end - now < BLOCK_NANOS) {
        repetitions = Math.min(2 * repetitions, 1 << 20);
      }
      now = end;
    }
    return best;
  }
}
