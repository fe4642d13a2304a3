package dev.dlm.benchmarks.peer.pytorch;

import dev.dlm.benchmarks.peer.pytorch.Layers.Dense;
import dev.dlm.benchmarks.peer.pytorch.Layers.LayerNorm;
import dev.dlm.benchmarks.work.Values;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A layer of a transformer, on rows of 128 tokens for each sequence; query, key and value come from
 * one product.
 */
record TransformerLayer(
    Dense projections, Dense out, LayerNorm norm1, Dense up, Dense down, LayerNorm norm2) {
  private static final int LENGTH = 128;
  private static final int HEAD_WIDTH = 64;
  private static final BytePointer TANH = new BytePointer("tanh");
  private static final TensorOptional NO_MASK = new TensorOptional();
  private static final DoubleOptional USUAL_SCALE = new DoubleOptional();

  static TransformerLayer of(Tensors tensors, String name, int width) {
    return new TransformerLayer(
        projections(tensors, name, width),
        Dense.of(tensors, name + "out", width, width),
        LayerNorm.of(tensors, name + "norm1", width),
        Dense.of(tensors, name + "up", width, 4 * width),
        Dense.of(tensors, name + "down", 4 * width, width),
        LayerNorm.of(tensors, name + "norm2", width));
  }

  /** The layers of query, key and value side by side. */
  private static Dense projections(Tensors tensors, String name, int width) {
    String[] parts = {"query", "key", "value"};
    float[] weights = new float[3 * width * width];
    float[] biases = new float[3 * width];
    for (int part = 0; part < parts.length; part++) {
      float[] weight = Values.weight(name + parts[part] + ".w", width * width, width);
      for (int row = 0; row < width; row++) {
        System.arraycopy(weight, row * width, weights, (3 * row + part) * width, width);
      }
      System.arraycopy(
          Values.bias(name + parts[part] + ".b", width), 0, biases, part * width, width);
    }
    return new Dense(
        tensors.parameter(weights, width, 3L * width), tensors.parameter(biases, 3L * width));
  }

  /** The layer that normalizes after each residual sum. */
  Tensor postNormalized(Tensor x) {
    Tensor middle = norm1.apply(attention(x, false).add_(x));
    return norm2.apply(feedForward(middle).add_(middle));
  }

  /** The layer that normalizes before each part, with attention to earlier tokens only. */
  Tensor preNormalized(Tensor x) {
    Tensor middle = attention(norm1.apply(x), true).add_(x);
    return feedForward(norm2.apply(middle)).add_(middle);
  }

  private Tensor attention(Tensor x, boolean causal) {
    long rows = x.size(0);
    long width = x.size(1);
    // [3, sequence, head, token, HEAD_WIDTH]
    Tensor parts =
        projections
            .apply(x)
            .view(rows / LENGTH, LENGTH, 3, width / HEAD_WIDTH, HEAD_WIDTH)
            .permute(2, 0, 3, 1, 4);
    Tensor attended =
        torch.scaled_dot_product_attention(
            parts.select(0, 0),
            parts.select(0, 1),
            parts.select(0, 2),
            NO_MASK,
            0,
            causal,
            USUAL_SCALE,
            false);
    return out.apply(attended.transpose(1, 2).reshape(rows, width));
  }

  private Tensor feedForward(Tensor x) {
    return down.apply(torch.gelu(up.apply(x), TANH));
  }
}
