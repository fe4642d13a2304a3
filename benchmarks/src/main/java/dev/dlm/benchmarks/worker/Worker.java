package dev.dlm.benchmarks.worker;

import dev.dlm.benchmarks.dlm.DlmEngine;
import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.report.Results;
import dev.dlm.benchmarks.work.Workload;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Measures one engine at one piece of work with a number of threads, or the machine's limits, and
 * prints one line of JSON: a {@link Measurement}.
 */
public final class Worker {
  /** Steps of a training whose losses are compared. */
  private static final int COMPARED_STEPS = 5;

  /** The name that stands for the machine itself. */
  public static final String LIMIT = "limit";

  private Worker() {}

  /**
   * Measures.
   *
   * @param arguments {@code limit THREADS SECONDS}, or {@code ENGINE THREADS SECONDS WORK FILE}
   *     with the file for what was computed
   */
  public static void main(String[] arguments) throws Exception {
    // Peers leave threads behind that would keep the process.
    Thread.currentThread()
        .setUncaughtExceptionHandler((_, failure) -> {
          failure.printStackTrace();
          System.exit(1);
        });
    int threads = Integer.parseInt(arguments[1]);
    double seconds = Double.parseDouble(arguments[2]);
    Measurement measurement =
        arguments[0].equals(LIMIT)
            ? limits(threads, seconds)
            : measure(arguments[0], work(arguments[3]), threads, seconds, Path.of(arguments[4]));
    System.out.println(measurement.toJson());
    System.exit(0);
  }

  private static Measurement limits(int threads, double seconds) throws Exception {
    Limits limits = Limits.measure(threads, seconds);
    return new Measurement(
        LIMIT,
        Runtime.version().toString(),
        LIMIT,
        threads,
        Map.of(
            "operations", limits.operations(),
            "largeCopyBytes", limits.largeCopyBytes(),
            "copyBytes", limits.copyBytes(),
            "cacheBytes", limits.cacheBytes()));
  }

  private static Workload work(String name) {
    return Workload.all().stream()
        .filter(work -> work.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no work " + name));
  }

  /** The engine of a name. */
  public static Engine engine(String name) {
    if (name.equals("dlm")) {
      return new DlmEngine();
    }
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(engine -> engine.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no engine " + name));
  }

  static Measurement measure(String name, Workload work, int threads, double seconds, Path results)
      throws Exception {
    Engine engine = engine(name);
    boolean latency = work instanceof Workload.MlpLatency;
    // A call so small gains nothing from a second thread; callers bring their own.
    Optional<Job> prepared = engine.prepare(work, latency ? 1 : threads);
    if (prepared.isEmpty()) {
      return new Measurement(name, engine.version(), work.name(), threads, Map.of());
    }
    try (Job job = prepared.get()) {
      Results.write(results, compared(job, work));
      Map<String, Double> figures =
          latency
              ? Latency.measure(job, threads, seconds)
              : Map.of(Measurement.RUN, new Timing().median(job, seconds));
      return new Measurement(name, engine.version(), work.name(), threads, figures);
    }
  }

  /** What is compared with other engines: the output, or the first losses. */
  private static float[] compared(Job job, Workload work) throws Exception {
    if (!work.trains()) {
      job.run();
      return job.result();
    }
    float[] losses = new float[COMPARED_STEPS];
    for (int step = 0; step < COMPARED_STEPS; step++) {
      job.run();
      losses[step] = job.result()[0];
    }
    return losses;
  }
}
