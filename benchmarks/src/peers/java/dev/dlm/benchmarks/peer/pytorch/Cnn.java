package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.Convolution;
import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import org.bytedeco.pytorch.Tensor;

/** The small network of convolutions. */
record Cnn(Convolution first, Convolution second, Dense third, Dense fourth) {
  static Cnn of(Tensors tensors) {
    return new Cnn(
        Convolution.of(tensors, "conv1", 1, 32, 5, 1),
        Convolution.of(tensors, "conv2", 32, 64, 5, 1),
        Dense.of(tensors, "dense1", 3136, 1024),
        Dense.of(tensors, "dense2", 1024, 10));
  }

  Tensor logits(Tensor image) {
    Tensor x = Layers.max(first.apply(image).relu_(), 2, 2, 0);
    x = Layers.max(second.apply(x).relu_(), 2, 2, 0);
    return fourth.apply(third.apply(x.flatten(1, 3)).relu_());
  }
}
