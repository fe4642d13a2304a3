package dev.dlm.training;

import java.util.Map;

/**
 * One trained batch.
 *
 * @param epoch from zero
 * @param batch from zero, within the epoch
 * @param batches of the epoch
 * @param examples in the batch
 * @param values the scalar outputs of the training signatures in their order: losses, metrics, and
 *     what else they report, for example the learning rate; of several signatures with outputs of
 *     one name the last counts
 */
public record StepReport(
    int epoch, long batch, long batches, int examples, Map<String, Double> values) {}
