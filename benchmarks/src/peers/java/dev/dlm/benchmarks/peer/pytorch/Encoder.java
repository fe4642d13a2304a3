package dev.dlm.benchmarks.peer.pytorch;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** The transformer encoder. */
record Encoder(List<TransformerLayer> layers) {
  static Encoder of(Tensors tensors) {
    return new Encoder(
        IntStream.range(0, 4)
            .mapToObj(layer -> TransformerLayer.of(tensors, "layer[" + layer + "].", 256))
            .toList());
  }

  /** The last layer's output of {@code x[8 · 128, 256]}. */
  Tensor output(Tensor x) {
    for (TransformerLayer layer : layers) {
      Tensor before = x;
      x = Layers.alone(() -> layer.postNormalized(before));
    }
    return x;
  }
}
