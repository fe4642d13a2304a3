package dev.dlm.cli.plot;

import dev.dlm.ir.TrainingRecipe;
import dev.dlm.runtime.checkpoint.AtomicFile;
import dev.dlm.training.EpochReport;
import dev.dlm.training.StepReport;
import dev.dlm.training.TrainingListener;
import dev.dlm.training.TrainingStart;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws a training run: a panel for each loss and metric, over the epochs, of training (means over
 * some steps) and of validation (after each epoch). The file is written anew after each epoch. Used
 * by the thread that trains.
 */
public final class TrainingPlot implements TrainingListener {
  /** Points of a line of training: as many as can be told apart. */
  private static final int POINTS = 400;

  private static final class Sum {
    private double x;
    private double value;
    private long count;
  }

  private final Path file;
  private final Map<String, TreeMap<Long, Sum>> training = new LinkedHashMap<>();
  private final Map<String, Curve> validation = new LinkedHashMap<>();
  private String title = "";
  private int epochs = 1;

  /**
   * @param file the image, an {@code .svg} file
   */
  public TrainingPlot(Path file) {
    this.file = file;
  }

  @Override
  public void started(TrainingStart start) {
    title = start.model();
    epochs = start.epochs();
  }

  @Override
  public void step(StepReport report) {
    double x = report.epoch() + (report.batch() + 0.5) / report.batches();
    long point = (long) (x * POINTS / epochs);
    report
        .values()
        .forEach((name, value) -> {
          if (!name.equals(TrainingRecipe.RATE_OUTPUT)) {
            Sum sum =
                training
                    .computeIfAbsent(name, _ -> new TreeMap<>())
                    .computeIfAbsent(point, _ -> new Sum());
            sum.x += x;
            sum.value += value;
            sum.count++;
          }
        });
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.dlm.diagnostic.GraphException with code {@code file-write}
   */
  @Override
  public void epoch(EpochReport report) {
    report
        .validation()
        .forEach((name, value) ->
            validation
                .computeIfAbsent(name, _ -> new Curve("validation", true))
                .add(report.epoch() + 1, value));
    ByteBuffer content = ByteBuffer.wrap(svg().getBytes(StandardCharsets.UTF_8));
    AtomicFile.write(
        file,
        "plot",
        channel -> {
          while (content.hasRemaining()) {
            channel.write(content);
          }
        });
  }

  private String svg() {
    Chart chart = new Chart(title, "epoch");
    training.forEach((name, sums) -> {
      Curve curve = new Curve("training", false);
      sums.values().forEach(sum -> curve.add(sum.x / sum.count, sum.value / sum.count));
      Curve measured = validation.get(name);
      chart.panel(name, measured == null ? new Curve[] {curve} : new Curve[] {curve, measured});
    });
    validation.forEach((name, curve) -> {
      if (!training.containsKey(name)) {
        chart.panel(name, curve);
      }
    });
    return chart.svg();
  }
}
