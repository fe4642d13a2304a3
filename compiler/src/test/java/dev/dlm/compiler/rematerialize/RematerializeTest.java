package dev.dlm.compiler.rematerialize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.compiler.lower.PlanLowering;
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
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.plan.Plan;
import dev.dlm.plan.reference.PlanInterpreter;
import dev.dlm.reference.Interpreter;
import dev.dlm.text.Verifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RematerializeTest {
  private static final int LAYERS = 10;
  private static final int WIDTH = 16;
  private static final Map<String, Long> SIZES = Map.of("B", 32L);

  private final List<RematerializationReport> reports = new ArrayList<>();

  /** Dense layers, each normalized and through a smooth activation. */
  private static Graph denseNetwork() {
    GraphBuilder graph = new GraphBuilder("dense");
    List<Variable> weights = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      weights.add(
          graph.variable(
              "w" + layer, TensorType.of(DType.F32, WIDTH, WIDTH), Variable.Role.WEIGHT));
    }
    SignatureBuilder train = graph.signature(Graph.TRAIN);
    BodyBuilder b = train.body();
    Value h = train.input("x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(WIDTH)));
    List<Value> read = weights.stream().map(train::read).toList();
    for (Value weight : read) {
      Value z = b.matMul(h, weight);
      Value largest = b.reduce(Reduce.Kind.MAX, b.abs(z), List.of(1));
      Value scaled = b.div(z, b.broadcast(b.add(largest, 1), z.shape(), List.of(0)));
      h = b.mul(scaled, b.sigmoid(scaled));
    }
    descend(train, b, b.mean(b.mul(h, h)), weights, read);
    return graph.build();
  }

  /** Convolutions with a normalization over positions. */
  private static Graph convolutionalNetwork() {
    GraphBuilder graph = new GraphBuilder("convolutional");
    List<Variable> weights = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      weights.add(
          graph.variable("w" + layer, TensorType.of(DType.F32, 4, 4, 1, 1), Variable.Role.WEIGHT));
    }
    SignatureBuilder train = graph.signature(Graph.TRAIN);
    BodyBuilder b = train.body();
    Value h =
        train.input(
            "x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(4), Dim.of(6), Dim.of(6)));
    List<Value> read = weights.stream().map(train::read).toList();
    for (Value weight : read) {
      Value z = b.one(new Convolution(ConvolutionWindow.plain(2)), h, weight);
      Value mean = b.mul(b.sum(z, List.of(2, 3)), 1.0 / 36);
      Value centred = b.sub(z, b.broadcast(mean, z.shape(), List.of(0, 1)));
      h = b.mul(centred, b.sigmoid(centred));
    }
    descend(train, b, b.mean(b.mul(h, h)), weights, read);
    return graph.build();
  }

  private static void descend(
      SignatureBuilder train, BodyBuilder b, Value loss, List<Variable> weights, List<Value> read) {
    train.output("loss", loss);
    List<Value> gradients = b.gradient(loss, read);
    for (int i = 0; i < weights.size(); i++) {
      train.update(weights.get(i), b.sub(read.get(i), b.mul(gradients.get(i), 0.1)));
    }
  }

  private static long arenaBytes(Plan plan) {
    return plan.program(Graph.TRAIN).arenaBytes().evaluate(SIZES::get);
  }

  private static Interpreter.Result run(Graph graph, Plan plan) {
    Random random = new Random(5);
    Map<String, HostTensor> variables = new LinkedHashMap<>();
    for (Variable variable : graph.variables()) {
      variables.put(
          variable.name(), HostTensor.ofDoubles(variable.type(), i -> random.nextGaussian()));
    }
    TensorType type = graph.signature(Graph.TRAIN).input(0).type();
    TensorType input = type.withShape(type.shape().substitute(Map.of("B", Dim.of(5))));
    Map<String, HostTensor> inputs =
        Map.of("x", HostTensor.ofDoubles(input, i -> random.nextGaussian()));
    return PlanInterpreter.run(plan.program(Graph.TRAIN), inputs, variables);
  }

  private void assertShrinks(Graph graph, double part) {
    Graph simplified = Passes.standard().run(graph);
    Plan before = PlanLowering.lower(simplified);
    long limit = (long) (arenaBytes(before) * part);
    Graph changed = new Rematerialize(limit, SIZES, reports::add).apply(simplified);
    Verifier.verify(changed, "rematerialize");
    Plan after = PlanLowering.lower(changed);

    assertThat(arenaBytes(after)).isLessThanOrEqualTo(limit);
    assertThat(run(graph, after)).isEqualTo(run(graph, before));
    assertThat(reports).hasSize(1);
    RematerializationReport report = reports.getFirst();
    assertThat(report.signature()).isEqualTo(Graph.TRAIN);
    assertThat(report.bytesBefore()).isEqualTo(arenaBytes(before));
    assertThat(report.bytesAfter()).isEqualTo(arenaBytes(after));
    assertThat(report.values()).isPositive();
    assertThat(report.operations()).isPositive();
  }

  @Test
  void denseNetwork_needsTwoThirdsOfTheMemoryAndGivesTheSameBits() {
    assertShrinks(denseNetwork(), 2.0 / 3);
  }

  @Test
  void convolutionalNetwork_needsTwoThirdsOfTheMemoryAndGivesTheSameBits() {
    assertShrinks(convolutionalNetwork(), 2.0 / 3);
  }

  @Test
  void graphThatIsSmallEnough_staysTheSame() {
    Graph simplified = Passes.standard().run(denseNetwork());
    assertThat(new Rematerialize(1 << 30, SIZES, reports::add).apply(simplified))
        .isSameAs(simplified);
    assertThat(reports).isEmpty();
  }

  @Test
  void limitThatCannotBeMet_isComeAsNearAsIsFound_theSameWayEachTime() {
    Graph simplified = Passes.standard().run(denseNetwork());
    Graph once = new Rematerialize(1, SIZES, reports::add).apply(simplified);
    assertThat(reports.getFirst().bytesAfter()).isLessThan(reports.getFirst().bytesBefore());
    assertThat(new Rematerialize(1, SIZES, reports::add).apply(simplified)).isEqualTo(once);
    assertThat(reports.getFirst()).isEqualTo(reports.getLast());
    assertThat(reports.getFirst().toString()).contains("train: ", " bytes became ", " operations");
    assertThat(Compiler.compile(denseNetwork())).isEqualTo(PlanLowering.lower(simplified));
  }
}
