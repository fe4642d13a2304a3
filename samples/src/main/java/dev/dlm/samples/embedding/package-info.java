/**
 * dlm inside Java programs: one that builds and trains a model without a {@code .dlm} file, and one
 * that answers from a compiled model. Entry classes: {@link dev.dlm.samples.embedding.TrainInJava},
 * {@link dev.dlm.samples.embedding.AnswerRequests}.
 */
@NullMarked
package dev.dlm.samples.embedding;

import org.jspecify.annotations.NullMarked;
