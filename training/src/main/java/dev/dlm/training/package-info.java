/**
 * Training: the loop over epochs and batches, evaluation, and checkpoints from which a run goes on
 * as if it had never stopped. The entry classes are {@link dev.dlm.training.Trainer} and {@link
 * dev.dlm.training.Evaluator}.
 */
@NullMarked
package dev.dlm.training;

import org.jspecify.annotations.NullMarked;
