package dev.dlm.benchmarks.peer.tensorflow;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Scope;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A graph that is being built, with what it is fed, what is fetched and what is run beside that.
 *
 * <p>Weights of inference are constants, so that TensorFlow can prepare them; those of training are
 * variables.
 */
final class ModelGraph {
  private static final float RATE = 0.01f;
  private static final float ADAM_RATE = 0.001f;
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final Graph graph = new Graph();
  private final Scope scope = graph.baseScope();
  private final Purpose purpose;
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Output<?>> weights = new ArrayList<>();
  private final List<GraphOperation> initializers = new ArrayList<>();
  private final List<GraphOperation> targets = new ArrayList<>();
  private Output<?> fetched;

  ModelGraph(Purpose purpose) {
    this.purpose = purpose;
  }

  /** What a graph is for. */
  enum Purpose {
    /** One caller after the other, from tensor to tensor. */
    INFERENCE,
    /** From array to array, at any number of callers. */
    CALLS,
    /** From arrays to the loss. */
    TRAINING
  }

  /**
   * A placeholder and what it gets.
   *
   * @param elements floats or ints
   */
  record Feed(Output<?> placeholder, Object elements, Shape shape) {

    /** A tensor of these elements. */
    Tensor tensor() {
      return elements instanceof float[] floats
          ? TFloat32.tensorOf(shape, DataBuffers.of(floats))
          : TInt32.tensorOf(shape, DataBuffers.of((int[]) elements));
    }
  }

  /** Whether what is fed is written from arrays at every run, and what is fetched read into one. */
  boolean takesArrays() {
    return purpose != Purpose.INFERENCE;
  }

  Graph graph() {
    return graph;
  }

  List<Feed> feeds() {
    return feeds;
  }

  /** What gives variables their first values. */
  List<GraphOperation> initializers() {
    return initializers;
  }

  /** What is run beside what is fetched. */
  List<GraphOperation> targets() {
    return targets;
  }

  Output<?> fetched() {
    return fetched;
  }

  /** An input. */
  Output<?> input(float[] elements, long... shape) {
    return feed(DataType.DT_FLOAT, elements, shape);
  }

  /** An input of whole numbers. */
  Output<?> indices(int[] elements, long... shape) {
    return feed(DataType.DT_INT32, elements, shape);
  }

  private Output<?> feed(DataType type, Object elements, long... shape) {
    Output<?> placeholder =
        node(
            "Placeholder",
            builder -> builder.setAttr("dtype", type).setAttr("shape", Shape.of(shape)));
    feeds.add(new Feed(placeholder, elements, Shape.of(shape)));
    return placeholder;
  }

  /** A weight. */
  Output<?> weight(float[] elements, long... shape) {
    Output<?> first = constant(elements, shape);
    if (purpose != Purpose.TRAINING) {
      return first;
    }
    Output<?> variable = variable(first, shape);
    weights.add(variable);
    return variable;
  }

  /** The weight of a dense layer, {@code [inputs, outputs]}. */
  Output<?> matrix(String name, int inputs, int outputs) {
    return weight(Values.weight(name, inputs * outputs, inputs), inputs, outputs);
  }

  /** A bias or shift. */
  Output<?> bias(String name, int count) {
    return weight(Values.bias(name, count), count);
  }

  /** A scale of a normalization. */
  Output<?> scale(String name, int count) {
    return weight(Values.scale(name, count), count);
  }

  private Output<?> variable(Output<?> first, long... shape) {
    Output<?> variable =
        node(
            "VariableV2",
            builder ->
                builder.setAttr("dtype", DataType.DT_FLOAT).setAttr("shape", Shape.of(shape)));
    initializers.add(operation("Assign", _ -> {}, variable, first));
    return variable;
  }

  Output<?> constant(float[] elements, long... shape) {
    return constant(
        DataType.DT_FLOAT, TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(elements)));
  }

  Output<?> constant(float number) {
    return constant(DataType.DT_FLOAT, TFloat32.scalarOf(number));
  }

  Output<?> constant(int number) {
    return constant(DataType.DT_INT32, TInt32.scalarOf(number));
  }

  /** A vector of whole numbers. */
  Output<?> vector(int... numbers) {
    return constant(DataType.DT_INT32, TInt32.vectorOf(numbers));
  }

  private Output<?> constant(DataType type, Tensor tensor) {
    try (tensor) {
      return node("Const", builder -> builder.setAttr("dtype", type).setAttr("value", tensor));
    }
  }

  /** The first output of a new operation. */
  Output<?> node(String type, Output<?>... inputs) {
    return node(type, _ -> {}, inputs);
  }

  /** The first output of a new operation with attributes. */
  Output<?> node(String type, Consumer<GraphOperationBuilder> attributes, Output<?>... inputs) {
    return operation(type, attributes, inputs).output(0);
  }

  /** A new operation. */
  GraphOperation operation(
      String type, Consumer<GraphOperationBuilder> attributes, Output<?>... inputs) {
    GraphOperationBuilder builder = graph.opBuilder(type, scope.makeOpName(type), scope);
    Arrays.stream(inputs).forEach(builder::addInput);
    attributes.accept(builder);
    return builder.build();
  }

  /** {@code x · w + b}. */
  Output<?> dense(String name, Output<?> x, int inputs, int outputs) {
    Output<?> product = node("MatMul", x, matrix(name + ".w", inputs, outputs));
    return node("BiasAdd", product, bias(name + ".b", outputs));
  }

  /** The mean of the cross entropies of logits and labels, which are fed as distributions. */
  Output<?> crossEntropy(Output<?> logits, int examples, int classes) {
    int[] labels = Values.index("label", examples, classes);
    float[] distributions = new float[examples * classes];
    for (int i = 0; i < examples; i++) {
      distributions[i * classes + labels[i]] = 1;
    }
    Output<?> label = input(distributions, examples, classes);
    return node("Mean", node("SoftmaxCrossEntropyWithLogits", logits, label), vector(0));
  }

  /** Ends a model of inference. */
  ModelGraph predict(Output<?> output) {
    fetched = output;
    return this;
  }

  /**
   * Ends a model of training: all gradients first, then all updates, which write over what
   * gradients read.
   */
  ModelGraph minimize(Output<?> loss, Optimizer optimizer) {
    fetched = loss;
    Output<?>[] variables = weights.toArray(Output<?>[]::new);
    Output<?>[] gradients = graph.addGradients(loss, variables);
    Consumer<GraphOperationBuilder> afterGradients =
        builder ->
            Arrays.stream(gradients).forEach(gradient -> builder.addControlInput(gradient.op()));
    switch (optimizer) {
      case SGD -> {
        for (int i = 0; i < variables.length; i++) {
          targets.add(
              operation(
                  "ApplyGradientDescent",
                  afterGradients,
                  variables[i],
                  constant(RATE),
                  gradients[i]));
        }
      }
      case MOMENTUM -> {
        for (int i = 0; i < variables.length; i++) {
          targets.add(
              operation(
                  "ApplyMomentum",
                  afterGradients,
                  variables[i],
                  zerosLike(variables[i]),
                  constant(RATE),
                  gradients[i],
                  constant(BETA1)));
        }
      }
      case ADAM -> adam(variables, gradients, afterGradients);
    }
    return this;
  }

  private void adam(
      Output<?>[] variables,
      Output<?>[] gradients,
      Consumer<GraphOperationBuilder> afterGradients) {
    Output<?> power1 = variable(constant(BETA1));
    Output<?> power2 = variable(constant(BETA2));
    List<GraphOperation> updates = new ArrayList<>();
    for (int i = 0; i < variables.length; i++) {
      updates.add(
          operation(
              "ApplyAdam",
              afterGradients,
              variables[i],
              zerosLike(variables[i]),
              zerosLike(variables[i]),
              power1,
              power2,
              constant(ADAM_RATE),
              constant(BETA1),
              constant(BETA2),
              constant(EPSILON),
              gradients[i]));
    }
    Consumer<GraphOperationBuilder> afterUpdates =
        builder -> updates.forEach(builder::addControlInput);
    targets.addAll(updates);
    targets.add(
        operation(
            "Assign", afterUpdates, power1, node("Mul", afterUpdates, power1, constant(BETA1))));
    targets.add(
        operation(
            "Assign", afterUpdates, power2, node("Mul", afterUpdates, power2, constant(BETA2))));
  }

  private Output<?> zerosLike(Output<?> variable) {
    long[] sizes = variable.shape().asArray();
    int count = (int) variable.shape().size();
    return variable(constant(new float[count], sizes), sizes);
  }
}
