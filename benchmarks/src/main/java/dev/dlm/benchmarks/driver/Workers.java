package dev.dlm.benchmarks.driver;

import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.benchmarks.worker.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Measures in processes of their own. Those of one piece of work take turns: each engine has its
 * share of the times in which other programs of the machine leave it less.
 */
final class Workers {
  /** Enough for the largest models and for peers' own memory beside it. */
  private static final List<String> HEAP = List.of("-Xms4g", "-Xmx4g");

  /** What a process may take beyond what it is asked to measure for. */
  private static final long PATIENCE_SECONDS = 300;

  private static final int ROUNDS = 10;

  private final Java java;
  private final double seconds;

  Workers(Java java, double seconds) {
    this.java = java;
    this.seconds = seconds;
  }

  /** The machine's limits. */
  Optional<Limits> limits(int threads) throws IOException {
    try (RunningWorker worker =
        start(Subject.DLM, List.of(Worker.LIMIT, "" + threads, "" + seconds / 2), 1)) {
      return worker
          .next()
          .map(Measurement::figures)
          .map(figures ->
              new Limits(
                  threads,
                  figure(figures, "operations"),
                  figure(figures, "largeCopyBytes"),
                  figure(figures, "copyBytes"),
                  figure(figures, "cacheBytes")));
    }
  }

  private static double figure(Map<String, Double> figures, String name) {
    return figures.getOrDefault(name, Double.NaN);
  }

  /**
   * Measures engines at some work, in turn.
   *
   * @param results gives for an engine the file for what it computed
   * @return by engine; none of one that failed
   */
  Map<Subject, Measurement> measure(
      List<Subject> subjects, Workload work, int threads, Function<Subject, Path> results)
      throws IOException {
    // Single calls are timed over all of the seconds: the slowest of a few tell nothing.
    int rounds = work instanceof Workload.MlpLatency ? 1 : ROUNDS;
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Subject subject : subjects) {
        List<String> arguments =
            List.of(
                subject.engine(),
                "" + threads,
                "" + seconds,
                work.name(),
                results.apply(subject).toString());
        RunningWorker worker = start(subject, arguments, subjects.size());
        Contender contender = new Contender(subject, worker, new ArrayList<>());
        contenders.add(contender);
        worker.next().ifPresent(contender.figures::add);
      }
      for (int round = 0; round < rounds; round++) {
        for (Contender contender : contenders) {
          if (contender.worker.isReady()) {
            contender.worker.measure(seconds / rounds).ifPresent(contender.figures::add);
          }
        }
      }
    } finally {
      contenders.forEach(contender -> contender.worker.close());
    }
    Map<Subject, Measurement> measured = new EnumMap<>(Subject.class);
    for (Contender contender : contenders) {
      if (!contender.worker.hasFailed()) {
        measured.put(contender.subject, Measurement.ofRounds(contender.figures));
      }
    }
    return measured;
  }

  /** An engine at work, and what it measured so far. */
  private record Contender(Subject subject, RunningWorker worker, List<Measurement> figures) {}

  private RunningWorker start(Subject subject, List<String> arguments, int turns)
      throws IOException {
    List<String> words = new ArrayList<>(List.of(Worker.class.getName()));
    words.addAll(arguments);
    Process process = java.start(subject, Java.classPath(), HEAP, words);
    process
        .onExit()
        .orTimeout(turns * ((long) (20 * seconds) + PATIENCE_SECONDS), TimeUnit.SECONDS)
        .exceptionally(_ -> process.destroyForcibly());
    return new RunningWorker(process);
  }
}
