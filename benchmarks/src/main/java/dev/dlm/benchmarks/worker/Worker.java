package dev.dlm.benchmarks.worker;

import dev.dlm.benchmarks.dlm.DlmEngine;
import dev.dlm.benchmarks.engine.Engine;
import dev.dlm.benchmarks.engine.Job;
import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.report.Results;
import dev.dlm.benchmarks.work.Workload;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Measures one engine at one piece of work with a number of threads, or the machine's limits.
 * Prints lines of JSON, {@link Measurement}s, among whatever else the engine prints.
 *
 * <p>An engine is measured in rounds, so that several of these processes can take turns: when the
 * work is warm, the process prints {@link #READY}, and then measures for as long as each line of
 * its input says, in seconds. It ends with its input. The limits are measured at once.
 */
public final class Worker {
  /** Steps of a training whose losses are compared. */
  private static final int COMPARED_STEPS = 5;

  /** The name that stands for the machine itself. */
  public static final String LIMIT = "limit";

  /** The line that says that rounds can begin. */
  public static final String READY = "ready";

  private Worker() {}

  /**
   * Measures.
   *
   * @param arguments {@code limit THREADS SECONDS}, or {@code ENGINE THREADS SECONDS WORK FILE}
   *     with the seconds of all rounds and the file for what was computed
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
    if (arguments[0].equals(LIMIT)) {
      System.out.println(limits(threads, seconds).toJson());
    } else {
      BufferedReader rounds =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      measure(
          arguments[0],
          work(arguments[3]),
          threads,
          seconds,
          Path.of(arguments[4]),
          rounds,
          System.out);
    }
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

  static void measure(
      String name,
      Workload work,
      int threads,
      double seconds,
      Path results,
      BufferedReader rounds,
      PrintStream out)
      throws Exception {
    Engine engine = engine(name);
    boolean latency = work instanceof Workload.MlpLatency;
    // A call so small gains nothing from a second thread; callers bring their own.
    Optional<Job> prepared = engine.prepare(work, latency ? 1 : threads);
    if (prepared.isEmpty()) {
      out.println(new Measurement(name, engine.version(), work.name(), threads, Map.of()).toJson());
      return;
    }
    try (Job job = prepared.get()) {
      Results.write(results, compared(job, work));
      Timing timing = new Timing(job);
      timing.warmUp(seconds);
      out.println(READY);
      for (String line = rounds.readLine(); line != null; line = rounds.readLine()) {
        double round = Double.parseDouble(line);
        Map<String, Double> figures =
            latency
                ? Latency.measure(job, threads, round)
                : Map.of(Measurement.RUN, timing.median(round));
        out.println(
            new Measurement(name, engine.version(), work.name(), threads, figures).toJson());
      }
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
