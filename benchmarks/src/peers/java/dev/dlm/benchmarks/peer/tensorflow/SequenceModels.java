package dev.dlm.benchmarks.peer.tensorflow;

import dev.dlm.benchmarks.peer.tensorflow.ModelGraph.Purpose;
import dev.dlm.benchmarks.peer.tensorflow.Transformers.Sizes;
import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Optimizer;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;

/** Models of sequences. */
final class SequenceModels {
  private static final int VOCABULARY = 50257;
  private static final int CONTEXT = 1024;

  /** Far enough below all scores that its exponential is 0. */
  private static final float HIDDEN = -1e9f;

  private SequenceModels() {}

  static ModelGraph encoder(boolean training) {
    Sizes sizes = new Sizes(8, 128, 256, 4);
    int count = sizes.rows() * sizes.width();
    ModelGraph model = new ModelGraph(training ? Purpose.TRAINING : Purpose.INFERENCE);
    Transformers layers = new Transformers(model);
    Output<?> x = model.input(Values.input("x", count), sizes.rows(), sizes.width());
    for (int layer = 0; layer < 4; layer++) {
      String name = "layer[" + layer + "].";
      Output<?> sum = model.node("AddV2", x, layers.attention(name, x, sizes, Optional.empty()));
      Output<?> middle = layers.normalize(name + "norm1", sum, sizes.width());
      Output<?> end = model.node("AddV2", middle, layers.feedForward(name, middle, sizes.width()));
      x = layers.normalize(name + "norm2", end, sizes.width());
    }
    if (!training) {
      return model.predict(x);
    }
    Output<?> target = model.input(Values.input("target", count), sizes.rows(), sizes.width());
    Output<?> loss =
        model.node("Mean", model.node("SquaredDifference", x, target), model.vector(0, 1));
    return model.minimize(loss, Optimizer.ADAM);
  }

  static ModelGraph gpt2() {
    Sizes sizes = new Sizes(1, 128, 768, 12);
    int width = sizes.width();
    ModelGraph model = new ModelGraph(Purpose.INFERENCE);
    Transformers layers = new Transformers(model);
    Output<?> tokens =
        model.indices(Values.index("tokens", sizes.tokens(), VOCABULARY), sizes.tokens());
    Output<?> table = table(model, "tokens.table", VOCABULARY, width);
    Output<?> positions =
        model.node(
            "Slice",
            table(model, "positions.table", CONTEXT, width),
            model.vector(0, 0),
            model.vector(sizes.tokens(), width));
    Output<?> embedded = model.node("GatherV2", table, tokens, model.constant(0));
    Output<?> x = model.node("AddV2", embedded, positions);
    Optional<Output<?>> mask = Optional.of(causalMask(model, sizes.tokens()));
    for (int layer = 0; layer < 12; layer++) {
      String name = "layer[" + layer + "].";
      Output<?> normalized = layers.normalize(name + "norm1", x, width);
      x = model.node("AddV2", x, layers.attention(name, normalized, sizes, mask));
      normalized = layers.normalize(name + "norm2", x, width);
      x = model.node("AddV2", x, layers.feedForward(name, normalized, width));
    }
    Output<?> last =
        model.node("Slice", x, model.vector(sizes.tokens() - 1, 0), model.vector(1, width));
    return model.predict(
        model.node(
            "MatMul",
            builder -> builder.setAttr("transpose_b", true),
            layers.normalize("norm", last, width),
            table));
  }

  private static Output<?> table(ModelGraph model, String name, int rows, int width) {
    return model.weight(Values.weight(name, rows * width, width), rows, width);
  }

  private static Output<?> causalMask(ModelGraph model, int tokens) {
    float[] mask = new float[tokens * tokens];
    for (int row = 0; row < tokens; row++) {
      for (int column = row + 1; column < tokens; column++) {
        mask[row * tokens + column] = HIDDEN;
      }
    }
    return model.constant(mask, tokens, tokens);
  }

  /**
   * Steps come first in memory, and are written out in the graph; what inputs give to all is one
   * product.
   */
  static ModelGraph lstm() {
    int sequences = 32;
    int steps = 64;
    int inputs = 128;
    int hidden = 256;
    ModelGraph model = new ModelGraph(Purpose.TRAINING);
    Output<?> x =
        model.input(stepsFirst(sequences, steps, inputs), (long) steps * sequences, inputs);
    int rows = inputs + hidden;
    float[] all = Values.weight("lstm.w", rows * 4 * hidden, rows);
    int split = inputs * 4 * hidden;
    Output<?> w = model.weight(Arrays.copyOf(all, split), inputs, 4L * hidden);
    Output<?> u = model.weight(Arrays.copyOfRange(all, split, all.length), hidden, 4L * hidden);
    Output<?> sums =
        model.node("BiasAdd", model.node("MatMul", x, w), model.bias("lstm.b", 4 * hidden));
    GraphOperation parts =
        model.operation(
            "Unpack",
            builder -> builder.setAttr("num", (long) steps).setAttr("axis", 0L),
            model.node("Reshape", sums, model.vector(steps, sequences, 4 * hidden)));
    Output<?> h = model.constant(new float[sequences * hidden], sequences, hidden);
    Output<?> c = h;
    for (int step = 0; step < steps; step++) {
      Output<?> sum = model.node("AddV2", parts.output(step), model.node("MatMul", h, u));
      GraphOperation gates =
          model.operation(
              "Split", builder -> builder.setAttr("num_split", 4L), model.constant(1), sum);
      Output<?> kept = model.node("Mul", model.node("Sigmoid", gates.output(1)), c);
      Output<?> added =
          model.node(
              "Mul", model.node("Sigmoid", gates.output(0)), model.node("Tanh", gates.output(2)));
      c = model.node("AddV2", kept, added);
      h = model.node("Mul", model.node("Sigmoid", gates.output(3)), model.node("Tanh", c));
    }
    Output<?> logits = model.dense("dense", h, hidden, 64);
    return model.minimize(model.crossEntropy(logits, sequences, 64), Optimizer.SGD);
  }

  private static float[] stepsFirst(int sequences, int steps, int inputs) {
    float[] elements = Values.input("sequence", sequences * steps * inputs);
    float[] turned = new float[elements.length];
    for (int sequence = 0; sequence < sequences; sequence++) {
      for (int step = 0; step < steps; step++) {
        System.arraycopy(
            elements,
            (sequence * steps + step) * inputs,
            turned,
            (step * sequences + sequence) * inputs,
            inputs);
      }
    }
    return turned;
  }
}
