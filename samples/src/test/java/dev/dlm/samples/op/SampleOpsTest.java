package dev.dlm.samples.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.OpRegistry;
import dev.dlm.proto.GraphCodec;
import dev.dlm.reference.Interpreter;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What ops of a user's own can do: everything that built-in ones can. */
class SampleOpsTest {
  private static final Path MODEL = Path.of("ops", "ops.dlm");

  private static Graph model() throws IOException {
    return Dsl.elaborate("ops.dlm", Sources.of(Map.of("ops.dlm", Files.readString(MODEL))))
        .models()
        .getFirst()
        .graph();
  }

  @Test
  void registry_findsTheOpsByTheService() {
    assertThat(OpRegistry.instance().find("square_distance")).contains(SquareDistance.class);
    assertThat(OpRegistry.instance().find("reverse_gradient")).contains(ReverseGradient.class);
  }

  @Test
  void prototypes_endInTheMiddleOfTheHeaps() {
    try (NearestPrototype model = new NearestPrototype()) {
      // The variance of a heap is 2 · 0.1².
      assertThat(model.train(50, NearestPrototype.heaps(100))).isCloseTo(0.02, within(0.004));
      for (float coordinate : model.prototypes()) {
        assertThat(Math.abs(coordinate)).isCloseTo(1f, within(0.05f));
      }
    }
  }

  @Test
  void modelInTheLanguage_hasTheOps_runs_andSurvivesTextAndBytes() throws IOException {
    Graph graph = model();
    assertThat(GraphPrinter.print(graph))
        .contains("square_distance(")
        .contains("{factor = -1.0}")
        .contains("{strength = 0.1}");
    assertThat(GraphParser.parse(GraphPrinter.print(graph), "ops.gir")).isEqualTo(graph);
    assertThat(GraphCodec.decode(GraphCodec.encode(graph))).isEqualTo(graph);

    try (Session session = Session.open(Compiler.compile(graph), SessionOptions.defaults())) {
      session.initialize(3);
      Tensor x = Tensor.of(new float[] {1, 1, -1, 1, 1, -1, -1, -1, 0, 0}, 5, 2);
      Tensor classes =
          Objects.requireNonNull(session.run(Graph.PREDICT, Map.of("x", x)).get("class"));
      Map<String, HostTensor> variables = new TreeMap<>();
      for (Variable variable : session.variables().declared()) {
        variables.put(variable.name(), session.variables().read(variable.name()).toHostTensor());
      }
      Map<String, HostTensor> expected =
          Interpreter.run(graph.signature(Graph.PREDICT), Map.of("x", x.toHostTensor()), variables)
              .outputs();
      assertThat(classes.toHostTensor()).isEqualTo(expected.get("class"));
    }
  }

  @Test
  void derivedGradient_agreesWithDifferences() {
    Graph compiled = Passes.standard().verified().run(differentiated(new SquareDistance(0.5)));
    HostTensor x = HostTensor.ofDoubles(TensorType.of(DType.F64, 2, 3), i -> Math.sin(i + 1));
    HostTensor y = HostTensor.ofDoubles(TensorType.of(DType.F64, 2, 3), i -> Math.cos(3 * i));
    HostTensor gradient = output(compiled, x, y, "dx");
    double step = 1e-5;
    for (int element = 0; element < x.count(); element++) {
      int moved = element;
      HostTensor high =
          HostTensor.ofDoubles(x.type(), i -> x.doubleAt(i) + (i == moved ? step : 0));
      HostTensor low = HostTensor.ofDoubles(x.type(), i -> x.doubleAt(i) - (i == moved ? step : 0));
      double slope =
          (output(compiled, high, y, "loss").doubleAt(0)
                  - output(compiled, low, y, "loss").doubleAt(0))
              / (2 * step);
      // Truncation 1e-10 times the third derivative, which is below 100; rounding 1e-11.
      assertThat(gradient.doubleAt(element)).isCloseTo(slope, within(1e-8));
    }
  }

  /** The sum of sines of the op's result, and its gradient. */
  private static Graph differentiated(CompositeOp op) {
    GraphBuilder graph = new GraphBuilder("check");
    SignatureBuilder signature = graph.signature(Graph.PREDICT);
    BodyBuilder b = signature.body();
    Value x = signature.input("x", TensorType.of(DType.F64, 2, 3));
    Value y = signature.input("y", TensorType.of(DType.F64, 2, 3));
    Value loss = b.sum(b.sin(b.one(op, x, y)));
    signature.output("loss", loss).output("dx", b.gradient(loss, List.of(x)).get(0));
    return graph.build();
  }

  private static HostTensor output(Graph graph, HostTensor x, HostTensor y, String name) {
    return Objects.requireNonNull(
        Interpreter.run(graph.signature(Graph.PREDICT), Map.of("x", x, "y", y), Map.of())
            .outputs()
            .get(name));
  }

  @Test
  void ownGradient_isReversed() {
    GraphBuilder graph = new GraphBuilder("reversed");
    SignatureBuilder signature = graph.signature(Graph.PREDICT);
    BodyBuilder b = signature.body();
    Value x = signature.input("x", TensorType.of(DType.F32));
    Value y = b.one(new ReverseGradient(0.5), b.mul(x, x));
    signature.output("y", y).output("dx", b.gradient(y, List.of(x)).get(0));
    try (Session session =
        Session.open(Compiler.compile(graph.build()), SessionOptions.defaults())) {
      Map<String, Tensor> outputs =
          session.run(Graph.PREDICT, Map.of("x", Tensor.of(new float[] {3})));
      assertThat(Objects.requireNonNull(outputs.get("y")).doubleAt(0)).isEqualTo(9);
      assertThat(Objects.requireNonNull(outputs.get("dx")).doubleAt(0)).isEqualTo(-3);
    }
  }

  @Test
  void codeOfThePage_standsInTheSample() throws IOException {
    StringBuilder sources = new StringBuilder();
    for (String name : List.of("SquareDistance", "ReverseGradient", "SampleOps")) {
      Path file = Path.of("src/main/java/dev/dlm/samples/op", name + ".java");
      sources.append(withoutIndentation(Files.readString(file))).append('\n');
    }
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "docs", "ops.md")));
    int count = 0;
    while (blocks.find()) {
      assertThat(sources.toString()).contains(withoutIndentation(blocks.group(1)));
      count++;
    }
    assertThat(count).isEqualTo(3);
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
  }

  @Test
  void violatedConstraints_areNamed() {
    assertViolates("C1", new SquareDistance(1), matrix(2, 3));
    assertViolates("C2", new SquareDistance(1), matrix(2, 3), TensorType.of(DType.F32, 3));
    assertViolates("C2", new SquareDistance(1), matrix(2, 3), matrix(2, 3).withDType(DType.F64));
    assertViolates("C3", new SquareDistance(1), matrix(2, 3), matrix(2, 4));
    assertViolates("C1", new ReverseGradient(1));
    assertViolates("C2", new ReverseGradient(1), matrix(2, 3).withDType(DType.I32));
  }

  private static TensorType matrix(long rows, long columns) {
    return TensorType.of(DType.F32, rows, columns);
  }

  private static void assertViolates(String label, CompositeOp op, TensorType... operands) {
    BodyBuilder b = new BodyBuilder();
    List<Value> values = List.of(operands).stream().map(b::parameter).toList();
    assertThatThrownBy(() -> b.apply(op, values))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(op.name() + ": ")
        .hasMessageEndingWith("(" + label + ")");
  }
}
