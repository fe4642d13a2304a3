package dev.dlm.benchmarks.worker;

import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.report.Measurement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** How long single calls take, and how many are answered. */
final class Latency {
  private static final int MAX_CALLS = 1 << 22;

  private Latency() {}

  /**
   * Seconds, of a job that is warm: of one caller half and 99 % of its calls are as fast; of all
   * callers those a call.
   */
  static Map<String, Double> measure(Job job, int callers, double seconds) throws Exception {
    Map<String, Double> figures = new LinkedHashMap<>();
    if (callers == 1) {
      long[] nanos = calls(job, seconds);
      figures.put(Measurement.P50, nanos[nanos.length / 2] / 1e9);
      figures.put(Measurement.P99, nanos[(int) (nanos.length * 0.99)] / 1e9);
    }
    figures.put(Measurement.CALL, secondsPerCall(job, callers, seconds));
    return figures;
  }

  /** How long each call took, in ascending order. */
  private static long[] calls(Job job, double seconds) throws Exception {
    long[] nanos = new long[MAX_CALLS];
    long begin = System.nanoTime();
    long end = begin + (long) (seconds * 1e9);
    int count = 0;
    long before = begin;
    while (count < MAX_CALLS && (before < end || count == 0)) {
      job.run();
      long after = System.nanoTime();
      nanos[count++] = after - before;
      before = after;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private static double secondsPerCall(Job first, int callers, double seconds) throws Exception {
    List<Job> jobs = new ArrayList<>(List.of(first));
    while (jobs.size() < callers) {
      jobs.add(first.anotherCaller());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<Double>> rates = new ArrayList<>();
      for (Job job : jobs) {
        rates.add(
            threads.submit(() -> {
              Timing timing = new Timing(job);
              timing.warmUp(seconds);
              return 1 / timing.median(seconds);
            }));
      }
      double rate = 0;
      for (Future<Double> ofCaller : rates) {
        rate += ofCaller.get();
      }
      return 1 / rate;
    } finally {
      for (Job job : jobs.subList(1, jobs.size())) {
        job.close();
      }
    }
  }
}
