package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import org.bytedeco.pytorch.Tensor;

/** The dense layers. */
record Mlp(Dense first, Dense second, Dense third) {
  static Mlp of(Tensors tensors) {
    return new Mlp(
        Dense.of(tensors, "dense1", 784, 128),
        Dense.of(tensors, "dense2", 128, 128),
        Dense.of(tensors, "dense3", 128, 10));
  }

  Tensor logits(Tensor image) {
    return third.apply(second.apply(first.apply(image).relu_()).relu_());
  }
}
