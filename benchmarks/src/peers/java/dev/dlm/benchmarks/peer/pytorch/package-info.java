/**
 * PyTorch through its JavaCPP presets: eager calls of tensor functions, gradients from its tape.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.peer.pytorch.PyTorchEngine}.
 */
@NullMarked
package dev.dlm.benchmarks.peer.pytorch;

import org.jspecify.annotations.NullMarked;
