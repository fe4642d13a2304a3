package dev.dlm.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a training run takes beside its recipe. Immutable; the {@code with…} methods return changed
 * copies.
 *
 * @param epochs instead of the recipe's; a resumed run gives the same weights as one that never
 *     stopped only for the same number, as schedules may depend on it
 * @param batch examples a step, instead of the recipe's
 * @param seed of first values, shuffling and random numbers; where empty that of the resumed run,
 *     else {@link #DEFAULT_SEED}
 * @param out folder of the checkpoints, made where it is missing; nothing is saved where empty
 * @param resume whether to go on from the state in {@code out}; where there is none, the run begins
 *     anew
 * @param saveInterval how long a run goes on without saving its state; it is saved after every
 *     epoch anyway
 * @param saveSteps like {@code saveInterval}, counted in batches
 * @param maxBatches batches after which an epoch, and a validation, is cut short
 */
public record TrainingOptions(
    OptionalInt epochs,
    OptionalInt batch,
    OptionalLong seed,
    Optional<Path> out,
    boolean resume,
    Duration saveInterval,
    OptionalLong saveSteps,
    OptionalLong maxBatches) {
  /** The seed where none is given. */
  public static final long DEFAULT_SEED = 1;

  private static final Duration DEFAULT_SAVE_INTERVAL = Duration.ofSeconds(30);

  public TrainingOptions {
    if (epochs.orElse(1) < 1
        || batch.orElse(1) < 1
        || saveSteps.orElse(1) < 1
        || maxBatches.orElse(1) < 1) {
      throw new IllegalArgumentException(
          "counts are at least 1: " + epochs + " epochs, batch " + batch);
    }
  }

  /** As the recipe says, without saving. */
  public static TrainingOptions defaults() {
    return new TrainingOptions(
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        false,
        DEFAULT_SAVE_INTERVAL,
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  public TrainingOptions withEpochs(int count) {
    return new TrainingOptions(
        OptionalInt.of(count), batch, seed, out, resume, saveInterval, saveSteps, maxBatches);
  }

  public TrainingOptions withBatch(int examples) {
    return new TrainingOptions(
        epochs, OptionalInt.of(examples), seed, out, resume, saveInterval, saveSteps, maxBatches);
  }

  public TrainingOptions withSeed(long value) {
    return new TrainingOptions(
        epochs, batch, OptionalLong.of(value), out, resume, saveInterval, saveSteps, maxBatches);
  }

  public TrainingOptions withOut(Path folder) {
    return new TrainingOptions(
        epochs, batch, seed, Optional.of(folder), resume, saveInterval, saveSteps, maxBatches);
  }

  public TrainingOptions withResume(boolean wanted) {
    return new TrainingOptions(
        epochs, batch, seed, out, wanted, saveInterval, saveSteps, maxBatches);
  }

  public TrainingOptions withSaveInterval(Duration interval) {
    return new TrainingOptions(epochs, batch, seed, out, resume, interval, saveSteps, maxBatches);
  }

  public TrainingOptions withSaveSteps(long batches) {
    return new TrainingOptions(
        epochs, batch, seed, out, resume, saveInterval, OptionalLong.of(batches), maxBatches);
  }

  public TrainingOptions withMaxBatches(long batches) {
    return new TrainingOptions(
        epochs, batch, seed, out, resume, saveInterval, saveSteps, OptionalLong.of(batches));
  }
}
