package dev.dlm.training;

/**
 * How a training run begins.
 *
 * @param epochs of the whole run
 * @param batchesPerEpoch steps of one epoch
 * @param batch examples a step
 * @param examples of the training data
 * @param seed of first values, shuffling and random numbers
 * @param firstEpoch where the run begins, from zero; not zero where it goes on from a saved state
 * @param firstBatch where it begins within that epoch
 * @param device one line about the device
 */
public record TrainingStart(
    String model,
    int epochs,
    long batchesPerEpoch,
    int batch,
    long examples,
    long seed,
    int firstEpoch,
    long firstBatch,
    String device) {
  /** Whether the run goes on from a saved state. */
  public boolean isResumed() {
    return firstEpoch > 0 || firstBatch > 0;
  }
}
