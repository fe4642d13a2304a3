package dev.dlm.benchmarks.peer.tensorflow;

import dev.dlm.benchmarks.peer.tensorflow.ModelGraph.Purpose;
import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Elementwise;
import dev.dlm.benchmarks.work.Workload.Optimizer;
import dev.dlm.benchmarks.work.Workload.Product;
import org.tensorflow.Output;

/** The models that consist of a few nodes. */
final class SmallModels {
  private SmallModels() {}

  static ModelGraph of(Product work) {
    ModelGraph model = new ModelGraph(Purpose.INFERENCE);
    float[] a = Values.input("a", work.rows() * work.depth());
    Output<?> product =
        model.node(
            "MatMul",
            model.input(a, work.rows(), work.depth()),
            model.matrix("b", work.depth(), work.columns()));
    return model.predict(product);
  }

  static ModelGraph mlp() {
    ModelGraph model = new ModelGraph(Purpose.CALLS);
    return model.predict(model.node("Softmax", logits(model, 1)));
  }

  static ModelGraph mlpTraining(Optimizer optimizer) {
    ModelGraph model = new ModelGraph(Purpose.TRAINING);
    return model.minimize(model.crossEntropy(logits(model, 128), 128, 10), optimizer);
  }

  private static Output<?> logits(ModelGraph model, int images) {
    Output<?> image = model.input(Values.input("image", images * 784), images, 784);
    Output<?> hidden = model.node("Relu", model.dense("dense1", image, 784, 128));
    hidden = model.node("Relu", model.dense("dense2", hidden, 128, 128));
    return model.dense("dense3", hidden, 128, 10);
  }

  static ModelGraph of(Elementwise work) {
    int rows = 4096;
    int columns = 1024;
    ModelGraph model = new ModelGraph(Purpose.INFERENCE);
    Output<?> x = model.input(Values.input("x", rows * columns), rows, columns);
    Transformers layers = new Transformers(model);
    return model.predict(
        switch (work.formula()) {
          case GELU -> {
            Output<?> w = model.weight(Values.input("w", columns), columns);
            Output<?> sum = model.node("AddV2", model.node("Mul", x, w), model.bias("b", columns));
            Output<?> r = model.input(Values.input("r", rows * columns), rows, columns);
            yield model.node("AddV2", layers.gelu(sum), r);
          }
          case LAYERNORM ->
              layers.normalize(x, model.scale("scale", columns), model.bias("shift", columns));
          case SOFTMAX -> model.node("Softmax", x);
        });
  }
}
