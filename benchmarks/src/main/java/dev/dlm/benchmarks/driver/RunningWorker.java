package dev.dlm.benchmarks.driver;

import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.worker.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A process that runs {@link Worker}: what it is told and what it answers. */
final class RunningWorker implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final Writer questions;
  private boolean isReady;
  private boolean hasFailed;

  RunningWorker(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Whether it waits for a round. */
  boolean isReady() {
    return isReady;
  }

  /** Whether the process ended before it had answered. */
  boolean hasFailed() {
    return hasFailed;
  }

  /** Measures for a time; none if the process fails meanwhile. */
  Optional<Measurement> measure(double seconds) throws IOException {
    try {
      questions.write(seconds + "\n");
      questions.flush();
    } catch (IOException _) {
      // The process has ended.
      fail();
      return Optional.empty();
    }
    return next();
  }

  /**
   * Waits for what comes next: a measurement, which is one without figures where the engine does
   * not take part; or none, when the work is warm and the worker {@linkplain #isReady is ready} for
   * rounds, or {@linkplain #hasFailed has failed}.
   */
  Optional<Measurement> next() throws IOException {
    // Peers may print lines of their own.
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith("{\"engine\"")) {
        return Optional.of(Measurement.parse(line));
      }
      if (line.equals(Worker.READY)) {
        isReady = true;
        return Optional.empty();
      }
    }
    fail();
    return Optional.empty();
  }

  private void fail() {
    isReady = false;
    hasFailed = true;
  }

  /** Ends the process. */
  @Override
  public void close() {
    try (questions;
        answers) {
      process.destroy();
    } catch (IOException _) {
      // What was not read by the process is of no use to it.
    }
  }
}
