package dev.dlm.benchmarks.dlm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Variable;
import dev.dlm.reference.Interpreter;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The models' files with small numbers in place of their sizes, against the interpreter. */
class TinyModelsTest {
  /**
   * Of the largest magnitude: the session adds in another order than the interpreter, which works
   * in double precision. Ten layers of rounding by 6e-8 stay below a few 1e-6; gradients of
   * normalizations over few elements divide by small variances.
   */
  private static final double TOLERANCE = 2e-4;

  /** Of tensors that are all but zero. */
  private static final double LEAST_MAGNITUDE = 1e-2;

  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  @Test
  void cnn_trains() throws IOException {
    floats("image", 2, 1, 8, 8);
    indices("label", 10, 2);
    check("cnn.dlm", Graph.TRAIN, Map.of("28", "8", "(32,", "(3,", "(64,", "(4,", "1024", "6"));
  }

  @Test
  void resnet50_predicts() throws IOException {
    floats("image", 1, 3, 32, 32);
    check(
        "resnet50.dlm",
        Graph.PREDICT,
        Map.of("224", "32", "int = 64", "int = 2", "[3, 4, 6, 3]", "[2, 1, 1, 1]", "1000", "7"));
  }

  @Test
  void resnet18_trains() throws IOException {
    floats("image", 4, 3, 8, 8);
    indices("label", 10, 4);
    check("resnet18.dlm", Graph.TRAIN, Map.of("32, 32", "8, 8", "int = 64", "int = 2"));
  }

  @Test
  void lstm_trains() throws IOException {
    floats("sequence", 2, 4, 3);
    indices("label", 5, 2);
    check("lstm.dlm", Graph.TRAIN, Map.of("int = 128", "int = 3", "= 256", "= 4", "= 64", "= 5"));
  }

  @Test
  void encoder_predicts() throws IOException {
    floats("x", 2, 5, 8);
    check(
        "encoder.dlm",
        Graph.PREDICT,
        Map.of("int = 256", "int = 8", "depth: int = 4", "depth: int = 2"));
  }

  @Test
  void encoder_trains() throws IOException {
    floats("x", 2, 5, 8);
    floats("target", 2, 5, 8);
    // Adam divides gradients by their size, also those of the keys' biases, which are nothing but
    // rounding.
    check(
        "encoder.dlm",
        Graph.TRAIN,
        Map.of(
            "int = 256",
            "int = 8",
            "depth: int = 4",
            "depth: int = 1",
            "adam(rate = 0.001)",
            "sgd(rate = 0.1)"));
  }

  @Test
  void gpt2_predicts() throws IOException {
    indices("tokens", 11, 1, 6);
    check(
        "gpt2.dlm",
        Graph.PREDICT,
        Map.of("50257", "11", "768", "8", "int = 12", "int = 2", "1024", "6"));
  }

  private void floats(String name, long... sizes) {
    int count = (int) Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    inputs.put(name, Tensor.of(Values.input(name, count), sizes));
  }

  private void indices(String name, int bound, long... sizes) {
    int count = (int) Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    inputs.put(name, Tensor.of(Values.index(name, count, bound), sizes));
  }

  /** Runs a signature of a file in which some texts stand for others. */
  private void check(String file, String name, Map<String, String> sizes) throws IOException {
    String text = Source.BESIDE.read(file);
    for (Map.Entry<String, String> size : sizes.entrySet()) {
      assertThat(text).contains(size.getKey());
      text = text.replace(size.getKey(), size.getValue());
    }
    Graph graph = Dsl.elaborate(file, Sources.of(Map.of(file, text))).models().getFirst().graph();
    Map<String, HostTensor> variables = new HashMap<>();
    Map<String, HostTensor> fed = new HashMap<>();
    inputs.forEach((input, tensor) -> fed.put(input, tensor.toHostTensor()));
    try (Session session = Session.open(Compiler.compile(graph), SessionOptions.defaults())) {
      session.initialize(3);
      for (Variable variable : graph.variables()) {
        variables.put(variable.name(), session.variables().read(variable.name()).toHostTensor());
      }
      Signature signature = Passes.parse("expand-gradients").run(graph).signature(name);
      Interpreter.Result expected = Interpreter.run(signature, fed, variables);
      Map<String, Tensor> outputs = session.run(name, inputs);
      outputs.forEach((output, tensor) ->
          assertNear(output, tensor, requireNonNull(expected.outputs().get(output))));
      Map<String, Tensor> weights =
          session.variables().read(Set.of(Variable.Role.WEIGHT, Variable.Role.STATE));
      expected
          .updates()
          .forEach((variable, value) -> {
            Tensor found = weights.get(variable);
            if (found != null) {
              assertNear(variable, found, value);
            }
          });
      assertThat(expected.updates().isEmpty()).isEqualTo(!name.equals(Graph.TRAIN));
    }
  }

  private static void assertNear(String name, Tensor found, HostTensor expected) {
    double[] wanted = Tensor.from(expected).doubles();
    double magnitude = Arrays.stream(wanted).map(Math::abs).max().orElse(0);
    assertThat(found.doubles())
        .as(name)
        .containsExactly(wanted, offset(TOLERANCE * Math.max(magnitude, LEAST_MAGNITUDE)));
  }
}
