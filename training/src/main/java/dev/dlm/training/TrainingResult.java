package dev.dlm.training;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How a training run ended.
 *
 * @param epochs finished, those of earlier processes included
 * @param train means over the last finished epoch; empty if there is none
 * @param validation means of the last validation; empty if there is none
 * @param best the best validation, if there is one
 * @param weights the file with the final weights, where something was saved
 */
public record TrainingResult(
    Outcome outcome,
    int epochs,
    Map<String, Double> train,
    Map<String, Double> validation,
    Optional<Best> best,
    Optional<Path> weights) {
  /** Why a run ended. */
  public enum Outcome {
    /** All epochs are done. */
    COMPLETED,
    /** The recipe's rule for stopping held. */
    STALLED,
    /** {@link Trainer#requestStop} was called; the state is saved. */
    INTERRUPTED
  }

  /**
   * The best validation.
   *
   * @param metric what was watched, for example {@code accuracy}
   * @param epoch from zero
   */
  public record Best(String metric, double value, int epoch) {}
}
