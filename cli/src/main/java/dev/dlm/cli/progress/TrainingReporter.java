package dev.dlm.cli.progress;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.training.EpochReport;
import dev.dlm.training.StepReport;
import dev.dlm.training.TrainingListener;
import dev.dlm.training.TrainingStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Tells of a training run: for people a bar on a terminal, else plain lines, and a line for each
 * epoch; for machines events {@code start}, {@code step} (one a second at most), {@code epoch} and
 * {@code saved}. Used by the thread that trains.
 */
public final class TrainingReporter implements TrainingListener, AutoCloseable {
  private static final long EVENT_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Console console;
  private final Display display;
  private int epochs;
  private long lastEventNanos = System.nanoTime();

  public TrainingReporter(Console console) {
    this.console = console;
    this.display =
        console.terminalColumns() > 0 ? new BarDisplay(console) : new LineDisplay(console);
  }

  @Override
  public void started(TrainingStart start) {
    epochs = start.epochs();
    console.say(
        "training %s on %,d examples, %d a step, epochs: %d, seed: %d"
            .formatted(
                start.model(), start.examples(), start.batch(), start.epochs(), start.seed()));
    console.say("device: " + start.device());
    if (start.isResumed()) {
      console.say(
          "going on in epoch %d after %,d of %,d batches"
              .formatted(start.firstEpoch() + 1, start.firstBatch(), start.batchesPerEpoch()));
    }
    console.emit(
        Event.of("start")
            .with("model", start.model())
            .with("examples", start.examples())
            .with("epochs", start.epochs())
            .with("batch", start.batch())
            .with("batchesPerEpoch", start.batchesPerEpoch())
            .with("seed", start.seed())
            .with("resumed", start.isResumed())
            .with("firstEpoch", start.firstEpoch() + 1)
            .with("firstBatch", start.firstBatch())
            .with("device", start.device()));
  }

  @Override
  public void step(StepReport report) {
    display.show(
        "epoch %d of %d".formatted(report.epoch() + 1, epochs),
        report.batch() + 1,
        report.batches(),
        report.values());
    long now = System.nanoTime();
    if (console.isJson() && now - lastEventNanos >= EVENT_INTERVAL_NANOS) {
      lastEventNanos = now;
      console.emit(
          Event.of("step")
              .with("epoch", report.epoch() + 1)
              .with("batch", report.batch() + 1)
              .with("batches", report.batches())
              .with("metrics", Map.of("train", report.values())));
    }
  }

  @Override
  public void validating(int epoch, long batch, long batches) {
    display.show("validation %d".formatted(epoch + 1), batch + 1, batches, Map.of());
  }

  @Override
  public void epoch(EpochReport report) {
    display.close();
    String validation =
        report.validation().isEmpty()
            ? ""
            : "; validation: " + Metrics.describe(report.validation());
    console.say(
        "epoch %d of %d: %s%s  (%.1f s)"
            .formatted(
                report.epoch() + 1,
                epochs,
                Metrics.describe(report.train()),
                validation,
                report.seconds()));
    console.emit(
        Event.of("epoch")
            .with("epoch", report.epoch() + 1)
            .with("metrics", Metrics.members(report.train(), report.validation()))
            .with("seconds", report.seconds())
            .with("best", report.isBest()));
  }

  @Override
  public void saved(Path folder) {
    console.emit(Event.of("saved").with("folder", folder.toString()));
  }

  @Override
  public void close() {
    display.close();
  }
}
