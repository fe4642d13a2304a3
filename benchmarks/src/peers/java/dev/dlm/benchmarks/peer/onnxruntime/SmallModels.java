package dev.dlm.benchmarks.peer.onnxruntime;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Elementwise;
import dev.dlm.benchmarks.work.Workload.Product;
import java.util.List;

/** The models that consist of a few nodes. */
final class SmallModels {
  private SmallModels() {}

  static OnnxModel of(Product work) {
    OnnxModel model = new OnnxModel();
    String a = model.input("a", work.rows(), work.depth());
    String b = model.weight("b", work.depth(), work.columns());
    model.node("", "MatMul", List.of(a, b), List.of("c"));
    model.output("c", work.rows(), work.columns());
    return model;
  }

  static OnnxModel mlp() {
    OnnxModel model = new OnnxModel();
    String hidden = model.input("image", 1, 784);
    hidden = model.node("Relu", List.of(dense(model, "dense1", hidden, 784, 128)));
    hidden = model.node("Relu", List.of(dense(model, "dense2", hidden, 128, 128)));
    String logits = dense(model, "dense3", hidden, 128, 10);
    model.node("", "Softmax", List.of(logits), List.of("probabilities"), Attribute.of("axis", -1));
    model.output("probabilities", 1, 10);
    return model;
  }

  static OnnxModel of(Elementwise work) {
    OnnxModel model = new OnnxModel();
    String x = model.input("x", 4096, 1024);
    switch (work.formula()) {
      case GELU -> {
        String scaled =
            model.node("Mul", List.of(x, model.constant("w", Values.input("w", 1024), 1024)));
        String shifted = model.node("Add", List.of(scaled, model.bias("b", 1024)));
        String gelu = model.node("Gelu", List.of(shifted), Attribute.of("approximate", "tanh"));
        model.node("", "Add", List.of(gelu, model.input("r", 4096, 1024)), List.of("y"));
      }
      case LAYERNORM ->
          model.node(
              "",
              "LayerNormalization",
              List.of(x, model.scale("scale", 1024), model.bias("shift", 1024)),
              List.of("y"),
              Attribute.of("axis", -1),
              Attribute.of("epsilon", 1e-5f));
      case SOFTMAX -> model.node("", "Softmax", List.of(x), List.of("y"), Attribute.of("axis", -1));
    }
    model.output("y", 4096, 1024);
    return model;
  }

  private static String dense(OnnxModel model, String name, String x, int inputs, int outputs) {
    String weight = model.weight(name + ".w", inputs, outputs);
    return model.node("Gemm", List.of(x, weight, model.bias(name + ".b", outputs)));
  }
}
