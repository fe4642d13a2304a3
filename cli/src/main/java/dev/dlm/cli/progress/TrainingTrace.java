package dev.dlm.cli.progress;

import dev.dlm.runtime.profile.Trace;
import dev.dlm.training.EpochReport;
import dev.dlm.training.StepReport;
import dev.dlm.training.TrainingListener;
import java.nio.file.Path;

/** Writes the trace of a training's first batches as soon as they are done. */
public final class TrainingTrace implements TrainingListener {
  private final Trace trace;
  private final long batches;
  private final Path file;
  private long seen;
  private boolean written;

  /**
   * Begins.
   *
   * @param batches how many batches are traced; fewer if the first epoch has fewer
   */
  public TrainingTrace(Trace trace, long batches, Path file) {
    this.trace = trace;
    this.batches = batches;
    this.file = file;
  }

  @Override
  public void step(StepReport report) {
    seen++;
    if (seen >= batches) {
      write();
    }
  }

  @Override
  public void epoch(EpochReport report) {
    write();
  }

  private void write() {
    if (!written) {
      trace.write(file);
      written = true;
    }
  }
}
