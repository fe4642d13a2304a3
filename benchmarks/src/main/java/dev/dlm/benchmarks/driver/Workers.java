package dev.dlm.benchmarks.driver;

import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.benchmarks.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Measures in processes of their own, one after the other. */
final class Workers {
  /** Enough for the largest models and for peers' own memory beside it. */
  private static final List<String> HEAP = List.of("-Xms4g", "-Xmx4g");

  /** What a process may take beyond what it is asked to measure for. */
  private static final long PATIENCE_SECONDS = 300;

  private final Java java;
  private final double seconds;

  Workers(Java java, double seconds) {
    this.java = java;
    this.seconds = seconds;
  }

  /** The machine's limits. */
  Optional<Limits> limits(int threads) throws IOException, InterruptedException {
    return run(Subject.DLM, List.of(Worker.LIMIT, "" + threads, "" + seconds / 2))
        .map(Measurement::figures)
        .map(figures ->
            new Limits(
                threads,
                figure(figures, "operations"),
                figure(figures, "largeCopyBytes"),
                figure(figures, "copyBytes"),
                figure(figures, "cacheBytes")));
  }

  private static double figure(Map<String, Double> figures, String name) {
    return figures.getOrDefault(name, Double.NaN);
  }

  /**
   * Measures an engine at some work; empty if it failed.
   *
   * @param results the file for what it computed
   */
  Optional<Measurement> measure(Subject subject, Workload work, int threads, Path results)
      throws IOException, InterruptedException {
    return run(
        subject,
        List.of(subject.engine(), "" + threads, "" + seconds, work.name(), results.toString()));
  }

  private Optional<Measurement> run(Subject subject, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(Worker.class.getName()));
    words.addAll(arguments);
    Process process = java.start(subject, Java.classPath(), HEAP, words);
    process
        .onExit()
        .orTimeout((long) (20 * seconds) + PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(_ -> process.destroyForcibly());
    Optional<Measurement> found = Optional.empty();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      // Peers may print lines of their own.
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("{\"engine\"")) {
          found = Optional.of(Measurement.parse(line));
        }
      }
    }
    return process.waitFor() == 0 ? found : Optional.empty();
  }
}
