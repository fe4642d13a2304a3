package dev.dlm.benchmarks.peer.onnxruntime;

import static dev.dlm.benchmarks.peer.onnxruntime.OnnxModel.MICROSOFT;

import dev.dlm.benchmarks.work.Values;
import java.util.List;

/** The transformers, built of the fused ops that ONNX Runtime has for them. */
final class TransformerModels {
  private static final Attribute EPSILON = Attribute.of("epsilon", 1e-5f);

  private final OnnxModel model = new OnnxModel();
  private final int width;
  private final int heads;
  private final boolean causal;

  private TransformerModels(int width, int heads, boolean causal) {
    this.width = width;
    this.heads = heads;
    this.causal = causal;
  }

  static OnnxModel encoder() {
    return new TransformerModels(256, 4, false).buildEncoder();
  }

  static OnnxModel gpt2() {
    return new TransformerModels(768, 12, true).buildGpt2();
  }

  private OnnxModel buildEncoder() {
    String x = model.input("x", 8, 128, width);
    for (int layer = 0; layer < 4; layer++) {
      String name = "layer[" + layer + "].";
      Sum middle = sum(attention(name, x), x, name + "out.b", name + "norm1");
      x =
          sum(
                  feedForward(name, middle.normalized()),
                  middle.normalized(),
                  name + "down.b",
                  name + "norm2")
              .normalized();
    }
    model.output(x, 8, 128, width);
    return model;
  }

  private OnnxModel buildGpt2() {
    String tokens = model.indices("tokens", 50257, 1, 128);
    String table = table("tokens.table", 50257);
    String positions =
        model.node(
            "Slice",
            List.of(
                table("positions.table", 1024),
                model.constant("zero", 0),
                model.constant("length", 128)));
    String x = model.node("Add", List.of(model.node("Gather", List.of(table, tokens)), positions));
    String normalized =
        model.node(
            "LayerNormalization",
            List.of(x, scale("layer[0].norm1"), shift("layer[0].norm1")),
            EPSILON);
    for (int layer = 0; layer < 12; layer++) {
      String name = "layer[" + layer + "].";
      Sum middle = sum(attention(name, normalized), x, name + "out.b", name + "norm2");
      String next = layer < 11 ? "layer[" + (layer + 1) + "].norm1" : "norm";
      Sum end = sum(feedForward(name, middle.normalized()), middle.value(), name + "down.b", next);
      x = end.value();
      normalized = end.normalized();
    }
    String last =
        model.node(
            "Gather", List.of(normalized, model.constant("last", 127)), Attribute.of("axis", 1));
    String flat = model.node("Reshape", List.of(last, model.constant("flat", 1, width)));
    model.node("", "Gemm", List.of(flat, table), List.of("logits"), Attribute.of("transB", 1));
    model.output("logits", 1, 50257);
    return model;
  }

  /** A sum, and what its normalization gives. */
  private record Sum(String value, String normalized) {}

  /** Adds a bias and the residual, and normalizes. */
  private Sum sum(String x, String residual, String bias, String norm) {
    Sum sum = new Sum(norm + ".sum", norm + ".normalized");
    model.node(
        MICROSOFT,
        "SkipLayerNormalization",
        List.of(x, residual, scale(norm), shift(norm), model.bias(bias, width)),
        List.of(sum.normalized(), "", "", sum.value()),
        EPSILON);
    return sum;
  }

  /** Attention without the bias of its last product. */
  private String attention(String name, String x) {
    String attended = name + "attended";
    model.node(
        MICROSOFT,
        "Attention",
        List.of(x, projections(name), biases(name)),
        List.of(attended),
        Attribute.of("num_heads", heads),
        Attribute.of("unidirectional", causal ? 1 : 0));
    return model.node("MatMul", List.of(attended, model.weight(name + "out.w", width, width)));
  }

  /** The feed-forward part without the bias of its last product. */
  private String feedForward(String name, String x) {
    String up = model.node("MatMul", List.of(x, model.weight(name + "up.w", width, 4 * width)));
    String gelu = name + "gelu";
    model.node(
        MICROSOFT, "FastGelu", List.of(up, model.bias(name + "up.b", 4 * width)), List.of(gelu));
    return model.node("MatMul", List.of(gelu, model.weight(name + "down.w", 4 * width, width)));
  }

  /** The weights of query, key and value side by side. */
  private String projections(String name) {
    float[] together = new float[3 * width * width];
    String[] parts = {"query.w", "key.w", "value.w"};
    for (int part = 0; part < parts.length; part++) {
      float[] weight = Values.weight(name + parts[part], width * width, width);
      for (int row = 0; row < width; row++) {
        System.arraycopy(weight, row * width, together, (3 * row + part) * width, width);
      }
    }
    return model.constant(name + "projections.w", together, width, 3 * width);
  }

  private String biases(String name) {
    float[] together = new float[3 * width];
    String[] parts = {"query.b", "key.b", "value.b"};
    for (int part = 0; part < parts.length; part++) {
      System.arraycopy(Values.bias(name + parts[part], width), 0, together, part * width, width);
    }
    return model.constant(name + "projections.b", together, 3 * width);
  }

  private String table(String name, int rows) {
    return model.constant(name, Values.weight(name, rows * width, width), rows, width);
  }

  private String scale(String norm) {
    return model.scale(norm + ".scale", width);
  }

  private String shift(String norm) {
    return model.bias(norm + ".shift", width);
  }
}
