/**
 * TensorFlow, in graph mode.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.peer.tensorflow.TensorFlowEngine}.
 */
@NullMarked
package dev.dlm.benchmarks.peer.tensorflow;

import org.jspecify.annotations.NullMarked;
