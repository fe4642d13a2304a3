/**
 * ONNX Runtime, on models that are written in memory.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.peer.onnxruntime.OnnxRuntimeEngine}.
 */
@NullMarked
package dev.dlm.benchmarks.peer.onnxruntime;

import org.jspecify.annotations.NullMarked;
