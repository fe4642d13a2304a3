package dev.dlm.training;

import java.nio.file.Path;

/**
 * Hears of a training run's progress, on the thread that trains: what it does there delays the
 * training. An exception it throws ends the run without saving.
 */
public interface TrainingListener {
  /** A listener that does nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /** Training begins. */
  default void started(TrainingStart start) {}

  /** A batch was trained on. */
  default void step(StepReport report) {}

  /**
   * A batch of the validation data was measured.
   *
   * @param batch from zero
   */
  default void validating(int epoch, long batch, long batches) {}

  /** An epoch has ended, its validation included. */
  default void epoch(EpochReport report) {}

  /** The state was saved in a folder. */
  default void saved(Path folder) {}

  /** A listener that tells this one and then another. */
  default TrainingListener and(TrainingListener other) {
    TrainingListener self = this;
    return new TrainingListener() {
      @Override
      public void started(TrainingStart start) {
        self.started(start);
        other.started(start);
      }

      @Override
      public void step(StepReport report) {
        self.step(report);
        other.step(report);
      }

      @Override
      public void validating(int epoch, long batch, long batches) {
        self.validating(epoch, batch, batches);
        other.validating(epoch, batch, batches);
      }

      @Override
      public void epoch(EpochReport report) {
        self.epoch(report);
        other.epoch(report);
      }

      @Override
      public void saved(Path folder) {
        self.saved(folder);
        other.saved(folder);
      }
    };
  }
}
