package dev.dlm.cli.progress;

import dev.dlm.cli.console.Console;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar that moves, for terminals; it counts the time left itself. */
final class BarDisplay implements Display {
  private static final int UPDATE_MILLIS = 200;

  private final Console console;
  private @Nullable ProgressBar bar;
  private String task = "";

  BarDisplay(Console console) {
    this.console = console;
  }

  @Override
  public void show(String newTask, long done, long batches, Map<String, Double> words) {
    ProgressBar current = bar;
    if (current == null || !newTask.equals(task)) {
      close();
      task = newTask;
      current =
          new ProgressBarBuilder()
              .setTaskName(newTask)
              .setInitialMax(batches)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setStyle(ProgressBarStyle.ASCII)
              .setConsumer(
                  new ConsoleProgressBarConsumer(
                      console.messages(), Math.max(40, console.terminalColumns())))
              .clearDisplayOnFinish()
              .build();
      bar = current;
    }
    current.stepTo(done);
    current.setExtraMessage(" " + Metrics.describe(words));
  }

  @Override
  public void close() {
    ProgressBar current = bar;
    if (current != null) {
      current.close();
      bar = null;
    }
  }
}
