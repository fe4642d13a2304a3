package dev.dlm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import dev.dlm.testing.RandomGraphs;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphTextTest {
  private static final String LINEAR =
      """
      graph "linear" {
        variable "w": weight f32[4, 1] at "linear.dlm":4:5-4:22

        signature "predict" {
          input "x" = %0: f32[B, 3]
          input "z" = %1: f32[C, 1]
          read "w" = %2: f32[4, 1]
          guard {B == C} "concat: f32[B, 3] and f32[C, 1] differ along axis 0" at "linear.dlm":7:3-7:4
          %3: f32[B, 4] = concat(%0, %1) {axis = 1} at "linear.dlm":7:3-7:4
          %4: f32[B, 1] = dot(%3, %2) {left_batch = [], right_batch = [], left_contracting = [1], \
      right_contracting = [0]} at call("nn.dlm":2:3-2:4, "Dense", "linear.dlm":8:1-8:2)
          %5: f32[] = constant() {value = f32[] {0.5}} at derived("gradient of", fused("a \\"b\\"":1:1-1:2, unknown))
          output "y" = %4
          update "w" = %2
        }
      }
      """;

  private static final List<String> TEXTS =
      Stream.concat(
              Stream.of(LINEAR),
              LongStream.range(0, 9).mapToObj(RandomGraphs::graph).map(GraphPrinter::print))
          .toList();

  private static Graph linear() {
    GraphBuilder graph = new GraphBuilder("linear");
    Variable w =
        graph.variable(
            new Variable(
                "w",
                TensorType.of(DType.F32, 4, 1),
                Variable.Role.WEIGHT,
                new Location.Source("linear.dlm", 4, 5, 4, 22)));
    SignatureBuilder predict = graph.signature("predict");
    Value x = predict.input("x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(3)));
    Value z = predict.input("z", TensorType.of(DType.F32, Dim.symbol("C"), Dim.of(1)));
    Value weight = predict.read(w);
    BodyBuilder b = predict.body();
    b.at(Location.Source.at("linear.dlm", 7, 3));
    Value both = b.concat(List.of(x, z), 1);
    b.at(
        new Location.Called(
            Location.Source.at("nn.dlm", 2, 3), "Dense", Location.Source.at("linear.dlm", 8, 1)));
    Value y = b.matMul(both, weight);
    b.at(
        new Location.Derived(
            "gradient of",
            new Location.Fused(List.of(Location.Source.at("a \"b\"", 1, 1), Location.UNKNOWN))));
    b.scalar(DType.F32, 0.5);
    predict.output("y", y);
    predict.update(w, weight);
    return graph.build();
  }

  @Test
  void print_isOneNodeALine() {
    assertThat(GraphPrinter.print(linear())).isEqualTo(LINEAR);
  }

  @Test
  void parse_givesTheGraphThatWasPrinted() {
    assertThat(GraphParser.parse(LINEAR, "test")).isEqualTo(linear());
  }

  @Test
  void print_withoutLocations_leavesThemOut() {
    String text = GraphPrinter.print(linear(), GraphPrinter.Options.WITHOUT_LOCATIONS);
    assertThat(text).doesNotContain(" at ").contains("%3: f32[B, 4] = concat(%0, %1) {axis = 1}\n");
    assertThat(StructuralHash.of(GraphParser.parse(text, "test")))
        .isEqualTo(StructuralHash.of(linear()));
  }

  @Test
  void print_brief_leavesLargeConstantsOutAndDoesNotParse() {
    GraphBuilder graph = new GraphBuilder("g");
    SignatureBuilder s = graph.signature("s");
    s.output("y", s.body().constant(HostTensor.filled(TensorType.of(DType.F32, 17), 1)));
    String text = GraphPrinter.print(graph.build(), GraphPrinter.Options.BRIEF);
    assertThat(text).contains("constant() {value = f32[17] {…}}");
    assertThatThrownBy(() -> GraphParser.parse(text, "test"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("left out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%3: f32[B, 4] = concat|%3: f32[B, 4] = conct|test:9:21: error[unknown-op]",
        "%3: f32[B, 4]|%3: f32[B, 5]|test:9:5: error[graph-type]: concat gives [f32[B, 4]]",
        "(%0, %1)|(%0, %9)|test:9:32: error[graph-syntax]: value %9 is not defined before",
        "%4:|%5:|test:10:5: error[graph-syntax]: expected %4, found %5",
        "{axis = 1}|{axes = 1}|test:9:37: error[graph-syntax]: expected 'axis', found 'axes'",
        "{axis = 1}|{axis = 2}|test:9:5: error[shape-mismatch]: concat: axis 2 is not one",
        "{axis = 1}|{axis = 1.5}|test:9:44: error[graph-syntax]: expected a number",
        "{0.5}|{0.5, 1}|test:11:37: error[graph-syntax]: f32[] has 2 elements",
        "{0.5}|{half}|test:11:44: error[graph-syntax]: expected a number, found 'half'",
        "f32[] {0.5}|f31[] {0.5}|test:11:37: error[graph-syntax]: expected an element type",
        "weight f32|heavy f32|test:2:17: error[graph-syntax]: expected a role (weight, state",
        "weight f32[4, 1]|weight f32[B, 1]|test:2:12: error[graph-invalid]: variable 'w' has no",
        "read 'w'|read 'v'|test:1:1: error[graph-invalid]: signature 'predict' uses variable 'v'",
        "f32[4, 1] at|f32[1, 4] at|test:1:1: error[graph-invalid]: signature 'predict' has %2",
        "output 'y'|outputs 'y'|test:12:5: error[unknown-op]: there is no op 'outputs'",
        "{B == C}|{B = C}|test:8:16: error[graph-syntax]: expected '=', found 'C'",
        "[B, 3]|[B * , 3]|test:5:25: error[graph-syntax]: not a size: 'B *': expected a size",
        "[B, 3]|[B, -3]|test:5:24: error[graph-syntax]: expected sizes that are not negative",
        "at call(|at cull(|test:10:121: error[graph-syntax]: expected a location: a file, call",
      })
  void parse_ofAlteredText_saysWhereAndWhatWasExpected(String old, String altered, String message) {
    String text =
        LINEAR.replaceFirst(
            Pattern.quote(old.replace('\'', '"')),
            Matcher.quoteReplacement(altered.replace('\'', '"')));
    assertThat(text).isNotEqualTo(LINEAR);
    assertThatThrownBy(() -> GraphParser.parse(text, "test"))
        .isInstanceOf(GraphException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void parse_ofAMisspeltOp_suggestsTheRightOne() {
    assertThatThrownBy(() -> GraphParser.parse(LINEAR.replace(" = concat", " = conct"), "test"))
        .isInstanceOfSatisfying(
            GraphException.class,
            e -> assertThat(e.diagnostics().get(0).help()).contains("did you mean 'concat'?"));
  }

  @Test
  void parse_ofDeepNesting_isRefused() {
    String location = "derived(\"x\", ".repeat(100_000);
    String text = LINEAR.replace("at \"linear.dlm\":4", "at " + location + "\"linear.dlm\":4");
    assertThatThrownBy(() -> GraphParser.parse(text, "test"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("nested too deeply");
  }

  static List<OpCase> positive() {
    return OpCases.positive();
  }

  @ParameterizedTest
  @MethodSource("positive")
  void everyOp_printsAndParses(OpCase one) {
    Graph graph = TextSamples.graphOf(one);
    assertThat(GraphParser.parse(GraphPrinter.print(graph), "test")).isEqualTo(graph);
  }

  @Property(tries = 200)
  void randomGraphs_printAndParse(@ForAll long seed) {
    Graph graph = RandomGraphs.graph(seed);
    Verifier.verify(graph, "making it");
    Graph parsed = GraphParser.parse(GraphPrinter.print(graph), "test");
    assertThat(parsed).isEqualTo(graph);
    assertThat(StructuralHash.of(parsed)).isEqualTo(StructuralHash.of(graph));
  }

  @Property(tries = 1000)
  void parse_ofRandomlyEditedText_givesAGraphOrAGraphException(@ForAll long seed) {
    Random random = new Random(seed);
    String edited = TextSamples.edited(TEXTS.get(random.nextInt(TEXTS.size())), random);
    try {
      assertThat(GraphParser.parse(edited, "test")).isNotNull();
    } catch (GraphException e) {
      assertThat(e.diagnostics()).isNotEmpty();
    }
  }

  @Test
  void constants_keepEveryBit() {
    double[] special = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      0.1,
      1e-40,
      3.4e38,
      1 / 3.0
    };
    for (DType dtype : DType.values()) {
      TensorType type = TensorType.of(dtype, 8);
      HostTensor tensor =
          dtype.isFloat()
              ? HostTensor.ofDoubles(type, i -> special[i])
              : HostTensor.ofLongs(type, i -> Long.MIN_VALUE + (Long.MAX_VALUE / 5) * i);
      Graph graph = TextSamples.constant(tensor);
      assertThat(GraphParser.parse(GraphPrinter.print(graph), "test")).isEqualTo(graph);
    }
  }

  @Test
  void largeGraphs_printAndParseQuickly() {
    GraphBuilder graph = new GraphBuilder("long");
    SignatureBuilder s = graph.signature("s");
    Value x = s.input("x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(3)));
    for (int i = 0; i < 5000; i++) {
      s.body().at(Location.Source.at("long.dlm", i + 1, 1));
      x = i % 2 == 0 ? s.body().tanh(x) : s.body().add(x, x);
    }
    s.output("y", x);
    Graph built = graph.build();
    long before = System.nanoTime();
    assertThat(GraphParser.parse(GraphPrinter.print(built), "test")).isEqualTo(built);
    assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
  }
}
