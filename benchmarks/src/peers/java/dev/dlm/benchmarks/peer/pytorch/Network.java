package dev.dlm.benchmarks.peer.pytorch;

import org.bytedeco.pytorch.Tensor;

/** What a run computes. */
interface Network {
  /** The output, or the loss, of what the input tensors hold now. */
  Tensor compute();
}
