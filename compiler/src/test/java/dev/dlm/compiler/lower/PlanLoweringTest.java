package dev.dlm.compiler.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Scatter;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.reference.PlanInterpreter;
import dev.dlm.reference.Interpreter;
import dev.dlm.testing.RandomGraphs;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PlanLoweringTest {
  private static final Dim B = Dim.symbol("B");

  /**
   * Folds run in another order than the interpreter's sums, hence the tolerance: 60 steps of f64.
   */
  @Property(tries = 200)
  void plan_keepsTheMeaningOfRandomGraphs(
      @ForAll long seed, @ForAll @LongRange(min = 1, max = 5) long batch) {
    Graph graph =
        RandomGraphs.graph(
            seed, new RandomGraphs.Options(DType.F64, 5, 60, true, false).withLoops());
    Plan plan = PlanLowering.lower(graph);
    for (Signature signature : graph.signatures()) {
      Map<String, HostTensor> inputs = RandomGraphs.inputs(signature, batch, seed);
      Map<String, HostTensor> variables = RandomGraphs.variables(graph, seed);
      Interpreter.Result wanted = Interpreter.run(signature, inputs, variables);
      Interpreter.Result found =
          PlanInterpreter.run(plan.program(signature.name()), inputs, variables);
      assertSame(wanted.outputs(), found.outputs());
      assertSame(wanted.updates(), found.updates());
    }
  }

  private static void assertSame(Map<String, HostTensor> wanted, Map<String, HostTensor> found) {
    assertThat(found.keySet()).isEqualTo(wanted.keySet());
    wanted.forEach((name, tensor) -> {
      HostTensor other = found.get(name);
      assertThat(other.type()).isEqualTo(tensor.type());
      for (int i = 0; i < tensor.count(); i++) {
        double a = tensor.doubleAt(i);
        double b = other.doubleAt(i);
        boolean close = Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a));
        assertThat(close || Double.compare(a, b) == 0)
            .as("%s[%d]: wanted %s, found %s", name, i, a, b)
            .isTrue();
      }
    });
  }

  @Test
  void elementwiseChainAfterProduct_becomesItsEpilogue() {
    GraphBuilder graph = new GraphBuilder("dense");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(8)));
    Value w = predict.input("w", TensorType.of(DType.F32, 8, 4));
    Value bias = predict.input("bias", TensorType.of(DType.F32, 4));
    predict.output("y", body.relu(body.add(body.matMul(x, w), bias)));
    Program program = program(graph);
    assertThat(program.steps()).hasSize(1);
    Step step = program.steps().get(0);
    assertThat(step.reads()).hasSize(3);
    assertThat(step.kernel())
        .isInstanceOfSatisfying(
            OpKernel.class, kernel -> assertThat(kernel.epilogue()).isPresent());
  }

  @Test
  void activationThatUsesItsOperandTwice_becomesTheEpilogueOfTheProduct() {
    GraphBuilder graph = new GraphBuilder("dense");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(8)));
    Value w = predict.input("w", TensorType.of(DType.F32, 8, 4));
    Value bias = predict.input("bias", TensorType.of(DType.F32, 4));
    Value sum = body.add(body.matMul(x, w), bias);
    predict.output("y", body.mul(sum, body.mul(body.tanh(sum), sum)));
    Program program = program(graph);
    assertThat(program.steps()).hasSize(1);
    assertThat(program.steps().get(0).kernel())
        .isInstanceOfSatisfying(
            OpKernel.class, kernel -> assertThat(kernel.epilogue()).isPresent());
  }

  @Test
  void valueThatIsNeededAfterItsActivation_staysInMemory() {
    GraphBuilder graph = new GraphBuilder("dense");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(8)));
    Value w = predict.input("w", TensorType.of(DType.F32, 8, 4));
    Value product = body.matMul(x, w);
    predict.output("y", body.mul(product, body.tanh(product)));
    predict.output("product", product);
    Program program = program(graph);
    assertThat(program.steps()).hasSize(2);
    assertThat(program.steps().get(0).kernel())
        .isInstanceOfSatisfying(OpKernel.class, kernel -> assertThat(kernel.epilogue()).isEmpty());
  }

  @Test
  void softmax_becomesOneLoopWithThreeSweeps() {
    GraphBuilder graph = new GraphBuilder("softmax");
    SignatureBuilder predict = graph.signature("predict");
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(10)));
    predict.output("y", predict.body().softmax(x));
    Program program = program(graph);
    assertThat(program.steps()).hasSize(1);
    assertThat(program.steps().get(0).kernel())
        .isInstanceOfSatisfying(
            LoopKernel.class,
            loop -> {
              assertThat(loop.rows()).containsExactly(B);
              assertThat(loop.columns()).containsExactly(Dim.of(10));
              assertThat(loop.sweeps()).hasSize(3);
            });
  }

  @Test
  void exponentialsOfSoftmax_areComputedOnceAndWrittenOverTheOperand() {
    GraphBuilder graph = new GraphBuilder("softmax");
    SignatureBuilder predict = graph.signature("predict");
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(10)));
    predict.output("y", predict.body().softmax(x));
    Step step = program(graph).steps().get(0);
    assertThat(countExponentials((LoopKernel) step.kernel())).isEqualTo(1);
    assertThat(step.writes().get(0).buffer()).isEqualTo(step.reads().get(0).buffer());
  }

  @Test
  void exponentials_areComputedAgainWhereTheOperandIsStillNeeded() {
    GraphBuilder graph = new GraphBuilder("softmax");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(10)));
    predict.output("y", body.add(body.softmax(x), x));
    Step step = program(graph).steps().get(0);
    assertThat(countExponentials((LoopKernel) step.kernel())).isEqualTo(2);
    assertThat(step.writes().get(0).buffer()).isEqualTo(step.reads().get(0).buffer());
  }

  private static long countExponentials(LoopKernel loop) {
    return loop.sweeps().stream()
        .flatMap(sweep -> sweep.instructions().stream())
        .filter(instruction ->
            instruction instanceof Instruction.Apply apply
                && apply.function() == ScalarFunction.EXP)
        .count();
  }

  @Test
  void valueUsedAcrossAProduct_doesNotFuseIntoACycle() {
    GraphBuilder graph = new GraphBuilder("cycle");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, 4, 4));
    Value first = body.exp(x);
    Value product = body.matMul(first, x);
    predict.output("y", body.add(body.tanh(product), first));
    Program program = program(graph);
    assertThat(program.steps()).hasSize(2);
    HostTensor input = HostTensor.ofDoubles(TensorType.of(DType.F32, 4, 4), i -> Math.sin(i) * 0.3);
    assertThat(PlanInterpreter.run(program, Map.of("x", input), Map.of()).outputs().get("y"))
        .isEqualTo(
            Interpreter.run(graph.build().signature("predict"), Map.of("x", input), Map.of())
                .outputs()
                .get("y"));
  }

  @Test
  void update_isWrittenIntoTheVariableWhenTheOldValueIsNotNeededLater() {
    GraphBuilder graph = new GraphBuilder("sgd");
    Variable w = graph.variable("w", TensorType.of(DType.F32, 5), Variable.Role.WEIGHT);
    Variable previous =
        graph.variable("previous", TensorType.of(DType.F32, 5), Variable.Role.STATE);
    SignatureBuilder train = graph.signature("train");
    Value g = train.input("g", TensorType.of(DType.F32, 5));
    BodyBuilder body = train.body();
    train.update(w, body.sub(train.read(w), body.mul(g, 0.5)));
    Program inPlace = PlanLowering.lower(graph.build()).program("train");
    assertThat(storageOfUpdate(inPlace, 0)).isEqualTo(new Storage.OfVariable("w"));
    train.update(previous, train.read(w));
    Program copied = PlanLowering.lower(graph.build()).program("train");
    assertThat(storageOfUpdate(copied, 0)).isInstanceOf(Storage.Arena.class);
    assertThat(storageOfUpdate(copied, 1)).isEqualTo(new Storage.OfVariable("w"));
  }

  @Test
  void scatterIntoAVariable_changesTheVariableWithoutACopy() {
    GraphBuilder graph = new GraphBuilder("memory");
    Variable table = graph.variable("table", TensorType.of(DType.F32, 9, 5), Variable.Role.STATE);
    SignatureBuilder write = graph.signature("write");
    Value rows = write.input("rows", TensorType.of(DType.F32, 2, 5));
    Value places = write.input("places", TensorType.of(DType.I32, 2, 1));
    Scatter scatter = new Scatter(Scatter.Kind.SET, 0, List.of(0));
    write.update(table, write.body().one(scatter, write.read(table), places, rows));
    Program program = PlanLowering.lower(graph.build()).program("write");
    assertThat(storageOfUpdate(program, 0)).isEqualTo(new Storage.OfVariable("table"));
    assertThat(program.steps()).hasSize(1);
    assertThat(program.steps().getFirst().reads().getFirst())
        .isEqualTo(program.steps().getFirst().writes().getFirst());
  }

  @Test
  void partOfAVariable_isReplacedWithoutACopy() {
    GraphBuilder graph = new GraphBuilder("cache");
    Variable cache = graph.variable("cache", TensorType.of(DType.F32, 9, 5), Variable.Role.STATE);
    SignatureBuilder write = graph.signature("write");
    BodyBuilder body = write.body();
    Value row = write.input("row", TensorType.of(DType.F32, 1, 5));
    Value starts = write.input("starts", TensorType.of(DType.I32, 2));
    Value next = body.one(new DynamicUpdateSlice(), write.read(cache), row, starts);
    write.update(cache, next);
    write.output("sum", body.sum(next));
    Program program = PlanLowering.lower(graph.build()).program("write");
    assertThat(storageOfUpdate(program, 0)).isEqualTo(new Storage.OfVariable("cache"));
    Step first = program.steps().getFirst();
    assertThat(first.reads().getFirst()).isEqualTo(first.writes().getFirst());
    write.output("old", body.sum(write.read(cache)));
    Program copied = PlanLowering.lower(graph.build()).program("write");
    Map<String, HostTensor> inputs =
        Map.of(
            "row", HostTensor.filled(TensorType.of(DType.F32, 1, 5), 7),
            "starts", HostTensor.filled(TensorType.of(DType.I32, 2), 3));
    Map<String, HostTensor> variables =
        Map.of("cache", HostTensor.filled(TensorType.of(DType.F32, 9, 5), 1));
    Interpreter.Result result = PlanInterpreter.run(copied, inputs, variables);
    assertThat(result.outputs().get("old")).isEqualTo(HostTensor.scalar(DType.F32, 45));
    assertThat(result.outputs().get("sum")).isEqualTo(HostTensor.scalar(DType.F32, 75));
  }

  @Test
  void reverse_costsNothingInALoop() {
    GraphBuilder graph = new GraphBuilder("mirror");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(6)));
    predict.output("y", body.add(body.exp(body.one(new Reverse(List.of(0, 1)), x)), x));
    Program program = program(graph);
    assertThat(program.steps()).hasSize(1);
    HostTensor given = HostTensor.ofDoubles(TensorType.of(DType.F32, 2, 6), i -> i % 6 + i / 6);
    HostTensor y = PlanInterpreter.run(program, Map.of("x", given), Map.of()).outputs().get("y");
    assertThat(y.doubleAt(0)).isCloseTo(Math.exp(6), within(1e-4));
    assertThat(y.doubleAt(11)).isEqualTo(7);
  }

  @Test
  void gradientOfAGather_isAddedIntoTheZerosInPlace() {
    GraphBuilder graph = new GraphBuilder("embedding");
    SignatureBuilder train = graph.signature("train");
    BodyBuilder body = train.body();
    Value table = train.input("table", TensorType.of(DType.F32, 9, 5));
    Value places = train.input("places", TensorType.of(DType.I32, B, Dim.ONE));
    Value found = body.one(new Gather(0, List.of(0)), table, places);
    Value loss = body.sum(body.mul(found, found));
    train.output("slope", body.gradient(loss, List.of(table)).getFirst());
    Graph expanded = new ExpandGradients().apply(graph.build());
    Program program = PlanLowering.lower(expanded).program("train");
    Step last = program.steps().getLast();
    assertThat(last.kernel()).isEqualTo(new OpKernel(new Scatter(Scatter.Kind.ADD, 0, List.of(0))));
    assertThat(last.reads().getFirst()).isEqualTo(last.writes().getFirst());
  }

  @Test
  void arena_sharesBytesOfValuesThatDoNotLiveTogether() {
    GraphBuilder graph = new GraphBuilder("deep");
    SignatureBuilder predict = graph.signature("predict");
    BodyBuilder body = predict.body();
    Value x = predict.input("x", TensorType.of(DType.F32, B, Dim.of(16)));
    Value w = predict.input("w", TensorType.of(DType.F32, 16, 16));
    Value y = x;
    for (int layer = 0; layer < 20; layer++) {
      y = body.relu(body.matMul(y, w));
    }
    predict.output("y", y);
    Program program = program(graph);
    assertThat(program.steps()).hasSize(20);
    assertThat(program.arenaBytes()).isEqualTo(B.times(2 * 16 * 4).plus(16 * 16 * 4));
  }

  private static Storage storageOfUpdate(Program program, int update) {
    return program.buffers().get(program.updates().get(update).view().buffer()).storage();
  }

  private static Program program(GraphBuilder graph) {
    return PlanLowering.lower(graph.build()).program("predict");
  }
}
