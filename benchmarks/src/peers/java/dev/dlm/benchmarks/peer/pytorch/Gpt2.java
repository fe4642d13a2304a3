package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.LayerNorm;
import dev.dlm.benchmarks.work.Values;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** GPT-2 small. */
record Gpt2(Tensor table, Tensor positions, List<TransformerLayer> layers, LayerNorm norm) {
  private static final int WIDTH = 768;

  static Gpt2 of(Tensors tensors) {
    return new Gpt2(
        table(tensors, "tokens.table", 50257),
        table(tensors, "positions.table", 1024),
        IntStream.range(0, 12)
            .mapToObj(layer -> TransformerLayer.of(tensors, "layer[" + layer + "].", WIDTH))
            .toList(),
        LayerNorm.of(tensors, "norm", WIDTH));
  }

  private static Tensor table(Tensors tensors, String name, int rows) {
    return tensors.parameter(Values.weight(name, rows * WIDTH, WIDTH), rows, WIDTH);
  }

  /** The logits after {@code tokens[128]}. */
  Tensor logits(Tensor tokens) {
    Tensor x = torch.embedding(table, tokens).add_(positions.narrow(0, 0, 128));
    for (TransformerLayer layer : layers) {
      Tensor before = x;
      x = Layers.alone(() -> layer.preNormalized(before));
    }
    return torch.linear(norm.apply(x.narrow(0, 127, 1)), table);
  }
}
