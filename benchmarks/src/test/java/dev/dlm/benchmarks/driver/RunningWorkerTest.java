package dev.dlm.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunningWorkerTest {

  /** Stands for a worker: measures what it is told, and fails where that is negative. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println("an engine says hello");
      if (arguments.length > 0) {
        System.out.println(measurement(Map.of()).toJson());
        return;
      }
      System.out.println(Worker.READY);
      BufferedReader rounds =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = rounds.readLine(); line != null; line = rounds.readLine()) {
        double seconds = Double.parseDouble(line);
        if (seconds < 0) {
          System.exit(1);
        }
        System.out.println("an engine is at work");
        System.out.println(measurement(Map.of(Measurement.RUN, seconds)).toJson());
      }
    }
  }

  private static Measurement measurement(Map<String, Double> figures) {
    return new Measurement("engine", "1", "work", 1, figures);
  }

  private static RunningWorker start(String... arguments) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            java, "-cp", System.getProperty("java.class.path"), Program.class.getName());
    builder.command().addAll(List.of(arguments));
    return new RunningWorker(builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  @Test
  void readyWorker_measuresRoundByRound() throws IOException {
    try (RunningWorker worker = start()) {
      assertThat(worker.next()).isEmpty();
      assertThat(worker.isReady()).isTrue();
      assertThat(worker.measure(0.5)).contains(measurement(Map.of(Measurement.RUN, 0.5)));
      assertThat(worker.measure(0.25)).contains(measurement(Map.of(Measurement.RUN, 0.25)));
      assertThat(worker.hasFailed()).isFalse();
    }
  }

  @Test
  void workerThatEnds_hasFailed() throws IOException {
    try (RunningWorker worker = start()) {
      assertThat(worker.next()).isEmpty();
      assertThat(worker.measure(-1)).isEmpty();
      assertThat(worker.hasFailed()).isTrue();
      assertThat(worker.isReady()).isFalse();
      assertThat(worker.measure(1)).isEmpty();
    }
  }

  @Test
  void engineThatDoesNotTakePart_measuresNothing() throws IOException {
    try (RunningWorker worker = start("absent")) {
      assertThat(worker.next()).contains(measurement(Map.of()));
      assertThat(worker.isReady()).isFalse();
      assertThat(worker.hasFailed()).isFalse();
    }
  }
}
