package dev.dlm.training;

import java.util.Map;

/**
 * One finished epoch.
 *
 * @param epoch from zero
 * @param train means of the training signatures' scalar outputs over the epoch's examples, measured
 *     while the weights changed
 * @param validation means over the validation data with the weights at the epoch's end; empty where
 *     there is no such data
 * @param seconds of training, without validation; those of this process where the epoch was resumed
 * @param isBest whether the watched metric is the best so far
 */
public record EpochReport(
    int epoch,
    Map<String, Double> train,
    Map<String, Double> validation,
    double seconds,
    boolean isBest) {}
