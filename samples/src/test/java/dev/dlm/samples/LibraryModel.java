package dev.dlm.samples;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import dev.dlm.reference.Interpreter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** A model of a few lines around a part of the standard library, run by the interpreter. */
final class LibraryModel {
  private final Graph graph;
  private final Map<String, HostTensor> inputs = new HashMap<>();
  private final Map<String, HostTensor> variables;

  /** Elaborates a model of the given statements, with weights initialized by a fixed seed. */
  LibraryModel(String statements) {
    this(statements, "");
  }

  /**
   * Likewise.
   *
   * @param train the lines of a {@code train} block, or nothing
   */
  LibraryModel(String statements, String train) {
    String text = "import nn\nmodel M {\n" + statements + "\n}\n";
    if (!train.isEmpty()) {
      text += "train M {\n" + train + "\n}\n";
    }
    Graph elaborated =
        Dsl.elaborate("library.dlm", Sources.of(Map.of("library.dlm", text)))
            .mainModel()
            .orElseThrow()
            .graph();
    graph = new ExpandGradients().apply(elaborated);
    variables =
        new HashMap<>(
            Interpreter.run(
                    graph.signature(Graph.INITIALIZE),
                    Map.of("seed", HostTensor.scalar(1L)),
                    Map.of())
                .updates());
    graph.variables().stream()
        .filter(variable -> variable.role() == Variable.Role.STREAM)
        .forEach(variable -> variables.put(variable.name(), HostTensor.filled(variable.type(), 0)));
  }

  Graph graph() {
    return graph;
  }

  LibraryModel input(String name, HostTensor value) {
    inputs.put(name, value);
    return this;
  }

  LibraryModel input(String name, List<Integer> sizes, double... values) {
    return input(name, HostTensor.ofDoubles(type(DType.F64, sizes), i -> values[i]));
  }

  /** An input of normally distributed numbers. */
  LibraryModel random(String name, Integer... sizes) {
    Random random = new Random(name.hashCode());
    return input(
        name, HostTensor.ofDoubles(type(DType.F64, List.of(sizes)), i -> random.nextGaussian()));
  }

  LibraryModel variable(String name, HostTensor value) {
    variables.put(name, value);
    return this;
  }

  HostTensor input(String name) {
    return inputs.get(name);
  }

  HostTensor variable(String name) {
    return variables.get(name);
  }

  /** What prediction gives. */
  double[] predict(String output) {
    return numbers(
        Interpreter.run(graph.signature(Graph.PREDICT), inputs, variables).outputs().get(output));
  }

  /** What prediction gives as a call of a stream: the next call finds what this one leaves. */
  double[] predictOn(String output) {
    Interpreter.Result outcome = Interpreter.run(graph.signature(Graph.PREDICT), inputs, variables);
    variables.putAll(outcome.updates());
    return numbers(outcome.outputs().get(output));
  }

  /** Takes a training step: variables change. */
  Map<String, HostTensor> train() {
    Interpreter.Result outcome = Interpreter.run(graph.signature(Graph.TRAIN), inputs, variables);
    variables.putAll(outcome.updates());
    return outcome.outputs();
  }

  static double[] numbers(HostTensor tensor) {
    double[] numbers = new double[tensor.count()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = tensor.dtype().isFloat() ? tensor.doubleAt(i) : tensor.longAt(i);
    }
    return numbers;
  }

  static double[] map(double[] numbers, DoubleUnaryOperator function) {
    double[] results = new double[numbers.length];
    for (int i = 0; i < results.length; i++) {
      results[i] = function.applyAsDouble(numbers[i]);
    }
    return results;
  }

  static TensorType type(DType dtype, List<Integer> sizes) {
    return TensorType.of(dtype, sizes.stream().mapToLong(Integer::longValue).toArray());
  }

  static HostTensor truths(List<Integer> sizes, long... values) {
    return HostTensor.ofLongs(type(DType.BOOL, sizes), i -> values[i]);
  }

  static HostTensor integers(List<Integer> sizes, long... values) {
    return HostTensor.ofLongs(type(DType.I32, sizes), i -> values[i]);
  }
}
