package dev.dlm.opencl;

import static dev.dlm.opencl.OpenClTesting.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Signature;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.ElementwiseOp;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.array.Scatter;
import dev.dlm.op.control.Activations;
import dev.dlm.op.nn.Convolution;
import dev.dlm.op.nn.ConvolutionWindow;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.op.nn.WindowGeometry;
import dev.dlm.op.random.RandomBits;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.reference.Interpreter;
import dev.dlm.testing.ControlGraphs;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import dev.dlm.testing.RandomGraphs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of the compiler on the device against the interpreter of graphs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompiledPlanTest {
  private OpenClDevice device;

  @BeforeAll
  void open() {
    device = OpenClTesting.open(true);
  }

  @AfterAll
  void close() {
    if (device != null) {
      device.close();
    }
  }

  private static void compare(
      OpenClDevice device,
      Graph graph,
      Map<String, HostTensor> inputs,
      Map<String, HostTensor> variables,
      double ulps,
      double scale) {
    Plan plan = Compiler.compile(graph);
    for (Signature signature : new ExpandGradients().apply(graph).signatures()) {
      Interpreter.Result wanted = Interpreter.run(signature, inputs, variables);
      Interpreter.Result found =
          OpenClTesting.run(device, plan.program(signature.name()), inputs, variables);
      assertThat(found.outputs().keySet()).isEqualTo(wanted.outputs().keySet());
      assertThat(found.updates().keySet()).isEqualTo(wanted.updates().keySet());
      wanted
          .outputs()
          .forEach(
              (name, tensor) -> assertClose(name, found.outputs().get(name), tensor, ulps, scale));
      wanted
          .updates()
          .forEach(
              (name, tensor) -> assertClose(name, found.updates().get(name), tensor, ulps, scale));
    }
  }

  /**
   * Cases of an op in one graph, each with inputs and outputs of its own. Each text takes a driver
   * a fifth of a second to compile, so there are at most six cases an op; of element-wise ops,
   * which are tested in every type as loops, there is one.
   */
  @Test
  void casesOfEveryOp() {
    Map<String, List<OpCase>> byOp = new TreeMap<>();
    List<OpCase> cases =
        OpCases.evaluable().stream().filter(one -> !OpCases.isControl(one.op())).toList();
    for (OpCase one : cases) {
      List<OpCase> chosen = byOp.computeIfAbsent(one.op().name(), _ -> new ArrayList<>());
      if (chosen.size() < (one.op() instanceof ElementwiseOp ? 1 : 6)) {
        chosen.add(one);
      }
    }
    assertThat(byOp).hasSizeGreaterThan(40);
    byOp.forEach(this::check);
  }

  @Test
  void controlFlow_isADiagnostic() {
    Program program =
        Compiler.compile(ControlGraphs.recurrent(DType.F32, 2, 3, Activations.SAVED))
            .program(Graph.PREDICT);
    assertThatThrownBy(() -> device.prepare(program))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the opencl device does not run scan yet");
  }

  private void check(String name, List<OpCase> cases) {
    GraphBuilder graph = new GraphBuilder(name);
    SignatureBuilder signature = graph.signature(Graph.PREDICT);
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < cases.size(); i++) {
      List<HostTensor> arguments = cases.get(i).arguments(i);
      List<Value> operands = new ArrayList<>();
      for (int j = 0; j < arguments.size(); j++) {
        String input = "x" + i + "_" + j;
        inputs.put(input, arguments.get(j));
        operands.add(signature.input(input, arguments.get(j).type()));
      }
      List<Value> results = signature.body().apply(cases.get(i).op(), operands);
      for (int j = 0; j < results.size(); j++) {
        signature.output(cases.get(i) + " result " + j, results.get(j));
      }
    }
    compare(device, graph.build(), inputs, Map.of(), 24, 1);
  }

  @Test
  void partsOfVariables_areReplacedInPlace() {
    GraphBuilder graph = new GraphBuilder("memory");
    TensorType type = TensorType.of(DType.F32, 9, 5);
    Variable table = graph.variable("table", type, Variable.Role.STATE);
    Variable cache = graph.variable("cache", type, Variable.Role.STATE);
    SignatureBuilder write = graph.signature("write");
    Value rows = write.input("rows", TensorType.of(DType.F32, 2, 5));
    Value places = write.input("places", TensorType.of(DType.I32, 2, 1));
    Value starts = write.input("starts", TensorType.of(DType.I32, 2));
    Scatter add = new Scatter(Scatter.Kind.ADD, 0, List.of(0));
    write.update(table, write.body().one(add, write.read(table), places, rows));
    write.update(
        cache, write.body().one(new DynamicUpdateSlice(), write.read(cache), rows, starts));
    compare(
        device,
        graph.build(),
        Map.of(
            "rows", HostTensor.ofDoubles(TensorType.of(DType.F32, 2, 5), i -> i),
            "places", HostTensor.filled(TensorType.of(DType.I32, 2, 1), 4),
            "starts", HostTensor.filled(TensorType.of(DType.I32, 2), 3)),
        Map.of("table", HostTensor.filled(type, 1), "cache", HostTensor.filled(type, 2)),
        1,
        1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomGraphs(long seed) {
    Graph graph = RandomGraphs.graph(seed, new RandomGraphs.Options(DType.F32, 5, 30, true, false));
    Signature signature = graph.signatures().get(0);
    // Errors of a few units grow through up to thirty steps; values stay within ±50.
    compare(
        device,
        graph,
        RandomGraphs.inputs(signature, 3, seed),
        RandomGraphs.variables(graph, seed),
        1024,
        50);
  }

  /** Convolution, pooling, dropout, a dense layer, cross entropy and momentum. */
  private static Graph network() {
    GraphBuilder graph = new GraphBuilder("network");
    List<Variable> weights = new ArrayList<>();
    weights.add(
        graph.variable("conv.w", TensorType.of(DType.F32, 6, 2, 3, 3), Variable.Role.WEIGHT));
    weights.add(graph.variable("conv.b", TensorType.of(DType.F32, 6), Variable.Role.WEIGHT));
    weights.add(graph.variable("out.w", TensorType.of(DType.F32, 54, 4), Variable.Role.WEIGHT));
    List<Variable> speeds = new ArrayList<>();
    for (Variable weight : weights) {
      speeds.add(graph.variable(weight.name() + ".speed", weight.type(), Variable.Role.WEIGHT));
    }
    SignatureBuilder train = graph.signature(Graph.TRAIN);
    BodyBuilder b = train.body();
    Dim batch = Dim.symbol("B");
    Value x = train.input("x", TensorType.of(DType.F32, batch, Dim.of(2), Dim.of(8), Dim.of(8)));
    Value label = train.input("label", TensorType.of(DType.I32, batch));
    Value key = train.input("key", TensorType.of(DType.I64));
    List<Value> w = weights.stream().map(train::read).toList();
    Value convolved = b.one(new Convolution(ConvolutionWindow.plain(2)), x, w.get(0));
    Value active = b.relu(b.add(convolved, b.broadcast(w.get(1), convolved.shape(), List.of(1))));
    WindowGeometry pool =
        new WindowGeometry(
            List.of(1L, 1L, 2L, 2L),
            List.of(1L, 1L, 2L, 2L),
            List.of(0L, 0L, 0L, 0L),
            List.of(0L, 0L, 0L, 0L));
    Value pooled = b.one(new ReduceWindow(Reduce.Kind.MAX, pool), active);
    Value flat = b.reshape(pooled, Shape.of(batch, Dim.of(54)));
    Value bits = b.one(new RandomBits(flat.shape()), key, b.scalar(DType.I64, 7));
    Value keep =
        b.cast(
            b.less(bits, b.broadcast(b.scalar(DType.I32, 1e9), bits.shape(), List.of())),
            DType.F32);
    Value logits = b.matMul(b.mul(flat, keep), w.get(2));
    Value classes = b.iota(TensorType.of(DType.I32, batch, Dim.of(4)), 1);
    Value hot =
        b.cast(b.equal(classes, b.broadcast(label, classes.shape(), List.of(0))), DType.F32);
    Value loss = b.neg(b.mean(b.mul(hot, b.log(b.softmax(logits)))));
    train.output("loss", loss);
    train.output("guess", b.one(new ArgReduce(ArgReduce.Kind.MAX, 1), logits));
    List<Value> gradients = b.gradient(loss, w);
    for (int i = 0; i < weights.size(); i++) {
      Value speed = b.add(b.mul(train.read(speeds.get(i)), 0.9), gradients.get(i));
      train.update(speeds.get(i), speed);
      train.update(weights.get(i), b.sub(w.get(i), b.mul(speed, 0.1)));
    }
    return graph.build();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void trainingStep_ofASmallNetwork(boolean processor) {
    Graph graph = network();
    Random random = new Random(5);
    Map<String, HostTensor> variables = new LinkedHashMap<>();
    for (Variable variable : graph.variables()) {
      variables.put(
          variable.name(), HostTensor.ofDoubles(variable.type(), i -> random.nextGaussian() * 0.3));
    }
    try (OpenClDevice one = OpenClTesting.open(processor)) {
      for (int batch : new int[] {1, 5}) {
        Map<String, HostTensor> inputs =
            Map.of(
                "x",
                HostTensor.ofDoubles(
                    TensorType.of(DType.F32, batch, 2, 8, 8), i -> random.nextGaussian()),
                "label",
                HostTensor.ofLongs(TensorType.of(DType.I32, batch), i -> i % 4),
                "key",
                HostTensor.scalar(42));
        compare(one, graph, inputs, variables, 64, 1);
      }
    }
  }
}
