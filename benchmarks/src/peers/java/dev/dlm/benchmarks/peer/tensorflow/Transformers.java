package dev.dlm.benchmarks.peer.tensorflow;

import java.util.Optional;
import org.tensorflow.Output;

/** What transformers are made of, on rows of tokens. */
final class Transformers {
  private static final float EPSILON = 1e-5f;
  private static final float CUBE = 0.044715f;

  private final ModelGraph model;

  Transformers(ModelGraph model) {
    this.model = model;
  }

  /**
   * The sizes of a layer.
   *
   * @param sequences of as many tokens
   */
  record Sizes(int sequences, int tokens, int width, int heads) {
    int rows() {
      return sequences * tokens;
    }
  }

  /** The form with the hyperbolic tangent. */
  Output<?> gelu(Output<?> x) {
    Output<?> cube = model.node("Mul", model.node("Mul", x, x), x);
    Output<?> inner = model.node("AddV2", x, model.node("Mul", model.constant(CUBE), cube));
    Output<?> tanh =
        model.node(
            "Tanh", model.node("Mul", model.constant((float) Math.sqrt(2 / Math.PI)), inner));
    return model.node(
        "Mul",
        model.node("Mul", model.constant(0.5f), x),
        model.node("AddV2", model.constant(1f), tanh));
  }

  /** Normalizes the last axis of a matrix. */
  Output<?> normalize(Output<?> x, Output<?> scale, Output<?> shift) {
    Output<?> mean = mean(x);
    Output<?> variance = mean(model.node("SquaredDifference", x, mean));
    Output<?> factor = model.node("Rsqrt", model.node("AddV2", variance, model.constant(EPSILON)));
    Output<?> centered = model.node("Sub", x, mean);
    return model.node(
        "AddV2", model.node("Mul", model.node("Mul", centered, factor), scale), shift);
  }

  private Output<?> mean(Output<?> x) {
    return model.node("Mean", builder -> builder.setAttr("keep_dims", true), x, model.vector(1));
  }

  /** Normalizes with weights of the given name. */
  Output<?> normalize(String name, Output<?> x, int width) {
    return normalize(x, model.scale(name + ".scale", width), model.bias(name + ".shift", width));
  }

  Output<?> feedForward(String name, Output<?> x, int width) {
    Output<?> hidden = gelu(model.dense(name + "up", x, width, 4 * width));
    return model.dense(name + "down", hidden, 4 * width, width);
  }

  /**
   * Attention of rows to each other.
   *
   * @param mask added to the scores of each head
   */
  Output<?> attention(String name, Output<?> x, Sizes sizes, Optional<Output<?>> mask) {
    float scale = (float) (1 / Math.sqrt((double) sizes.width() / sizes.heads()));
    Output<?> query = heads(model.dense(name + "query", x, sizes.width(), sizes.width()), sizes);
    Output<?> key = heads(model.dense(name + "key", x, sizes.width(), sizes.width()), sizes);
    Output<?> value = heads(model.dense(name + "value", x, sizes.width(), sizes.width()), sizes);
    Output<?> scores =
        model.node(
            "Mul",
            model.node("BatchMatMulV2", builder -> builder.setAttr("adj_y", true), query, key),
            model.constant(scale));
    Output<?> visible =
        mask.<Output<?>>map(added -> model.node("AddV2", scores, added)).orElse(scores);
    Output<?> mixed = model.node("BatchMatMulV2", model.node("Softmax", visible), value);
    Output<?> rows =
        model.node(
            "Reshape",
            model.node("Transpose", mixed, model.vector(0, 2, 1, 3)),
            model.vector(sizes.rows(), sizes.width()));
    return model.dense(name + "out", rows, sizes.width(), sizes.width());
  }

  private Output<?> heads(Output<?> rows, Sizes sizes) {
    int each = sizes.width() / sizes.heads();
    Output<?> split =
        model.node(
            "Reshape", rows, model.vector(sizes.sequences(), sizes.tokens(), sizes.heads(), each));
    return model.node("Transpose", split, model.vector(0, 2, 1, 3));
  }
}
