package dev.dlm.cli.progress;

import dev.dlm.cli.console.Console;
import java.time.Duration;
import java.util.Map;

/** A line now and then, where no terminal is. */
final class LineDisplay implements Display {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final Console console;
  private String task = "";
  private long beginNanos;
  private long beginBatch;
  private long lastNanos;

  LineDisplay(Console console) {
    this.console = console;
  }

  @Override
  public void show(String newTask, long done, long batches, Map<String, Double> words) {
    long now = System.nanoTime();
    if (!newTask.equals(task)) {
      task = newTask;
      beginNanos = now;
      beginBatch = done;
      lastNanos = now;
      return;
    }
    if (now - lastNanos >= INTERVAL_NANOS) {
      lastNanos = now;
      double secondsPerBatch = (now - beginNanos) / 1e9 / Math.max(1, done - beginBatch);
      console.say(
          "%s: %,d of %,d  %s  %.0f s left"
              .formatted(
                  task,
                  done,
                  batches,
                  Metrics.describe(words),
                  secondsPerBatch * (batches - done)));
    }
  }

  @Override
  public void close() {
    task = "";
  }
}
