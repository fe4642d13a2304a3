package dev.dlm.compiler.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.compiler.Compiler;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.Op;
import dev.dlm.op.control.Cond;
import dev.dlm.op.nn.ScaledDotProductAttention;
import dev.dlm.plan.CompositeExpansion;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.PlanInvariants;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.reference.PlanInterpreter;
import dev.dlm.proto.PlanCodec;
import dev.dlm.reference.Interpreter;
import dev.dlm.text.PlanPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Composite ops that stay one step, by the example of attention. */
class CompositeLoweringTest {
  private static final Op ATTENTION = new ScaledDotProductAttention(true, 0.5);
  private static final Dim T = Dim.symbol("T");

  private static TensorType heads(DType dtype) {
    return new TensorType(dtype, Shape.of(Dim.of(2), T, Dim.of(2), Dim.of(3)));
  }

  /** Attention of a tensor to itself, and the gradient of the sum of the result's squares. */
  private static Program program(DType dtype) {
    GraphBuilder graph = new GraphBuilder("attention");
    SignatureBuilder predict = graph.signature(Graph.PREDICT);
    BodyBuilder b = predict.body();
    Value x = predict.input("x", heads(dtype));
    Value y = b.apply(ATTENTION, List.of(x, b.tanh(x), x)).get(0);
    predict.output("y", y);
    predict.output("dx", b.gradient(b.sum(b.mul(y, y)), List.of(x)).get(0));
    return Compiler.compile(graph.build()).program(Graph.PREDICT);
  }

  private static List<String> composites(Program program) {
    List<String> names = new ArrayList<>();
    for (Step step : program.steps()) {
      if (step.kernel() instanceof CompositeKernel kernel) {
        names.add(kernel.op().name());
      }
    }
    return names;
  }

  /** How much faster than linearly a program's memory grows with the number of positions. */
  private static long curvature(Program program) {
    long[] bytes = new long[3];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = program.arenaBytes().substitute(Map.of("T", Dim.of(512L * (i + 1)))).asLong();
    }
    return bytes[2] - 2 * bytes[1] + bytes[0];
  }

  @Test
  void attention_isOneStep_withoutAMatrixOfScoresInMemory() {
    Program program = program(DType.F32);
    assertThat(composites(program))
        .containsExactly("scaled_dot_product_attention", "scaled_dot_product_attention_gradient");
    assertThat(curvature(program)).isZero();
    assertThat(curvature(CompositeExpansion.of(program, _ -> false).program())).isPositive();
  }

  @Test
  void attentionInOtherTypes_isExpandedInTheGraph() {
    assertThat(composites(program(DType.F64))).isEmpty();
  }

  @Test
  void expansion_standsInTheStepsPlace_andComputesTheSame() {
    Program program = program(DType.F32);
    CompositeExpansion expanded = CompositeExpansion.of(program, _ -> false);
    assertThat(composites(expanded.program())).isEmpty();
    assertThat(expanded.origins())
        .hasSameSizeAs(expanded.program().steps())
        .isSorted()
        .endsWith(program.steps().size() - 1);
    assertValid(expanded.program());
    assertSame(program, expanded.program());
  }

  @Test
  void stepsThatADeviceKeeps_stay() {
    Program program = program(DType.F32);
    assertThat(CompositeExpansion.of(program, _ -> true).program()).isSameAs(program);
    Program half =
        CompositeExpansion.of(program, kernel -> kernel.op().equals(ATTENTION)).program();
    assertThat(composites(half)).containsExactly("scaled_dot_product_attention");
    assertValid(half);
    assertSame(program, half);
  }

  @Test
  void stepsInsideOfControlFlow_areExpandedToo() {
    GraphBuilder graph = new GraphBuilder("choice");
    SignatureBuilder predict = graph.signature(Graph.PREDICT);
    Value x = predict.input("x", heads(DType.F32));
    Value first = predict.body().less(predict.body().sum(x), predict.body().scalar(DType.F32, 0));
    Value y = predict.body().one(new Cond(branch(1), branch(-1)), first, x);
    predict.output("y", y);
    Program program = Compiler.compile(graph.build()).program(Graph.PREDICT);
    Program expanded = CompositeExpansion.of(program, _ -> false).program();
    assertThat(expanded.arenaBytes()).isNotEqualTo(program.arenaBytes());
    assertValid(expanded);
    assertSame(program, expanded);
  }

  private static Body branch(double factor) {
    BodyBuilder b = new BodyBuilder();
    Value x = b.parameter(heads(DType.F32));
    return b.build(List.of(b.apply(ATTENTION, List.of(x, b.mul(x, factor), x)).get(0)));
  }

  @Test
  void step_isPrintedAndEncodedWithItsExpansion() {
    Plan plan = new Plan("plan", List.of(), List.of(program(DType.F32)));
    assertThat(PlanCodec.decode(PlanCodec.encode(plan))).isEqualTo(plan);
    assertThat(PlanPrinter.print(plan).lines())
        .filteredOn(line -> line.contains("attention"))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains(" = scaled_dot_product_attention(#0: f32[2, T, 2, 3], ")
                    .contains(" {causal = true, scale = 0.5}"),
            line -> assertThat(line).contains(" = scaled_dot_product_attention_gradient(#0"));
    assertThat(PlanPrinter.print(plan)).containsSubsequence("program \"expansion\" {", "dot(");
  }

  private static void assertValid(Program program) {
    Plan plan = new Plan("plan", List.of(), List.of(program));
    assertThat(PlanInvariants.findViolation(plan)).isEmpty();
  }

  /** Steps write {@code f32}, so that some ten of them differ by ten roundings of magnitude 1. */
  private static void assertSame(Program wanted, Program found) {
    TensorType type = heads(DType.F32).withShape(Shape.of(2, 5, 2, 3));
    HostTensor x = HostTensor.ofDoubles(type, i -> Math.sin(3 + 7.0 * i));
    Interpreter.Result first = PlanInterpreter.run(wanted, Map.of("x", x), Map.of());
    Interpreter.Result second = PlanInterpreter.run(found, Map.of("x", x), Map.of());
    new TreeMap<>(first.outputs())
        .forEach((name, tensor) -> {
          for (int i = 0; i < tensor.count(); i++) {
            assertThat(second.outputs().get(name).doubleAt(i))
                .as("%s %d", name, i)
                .isCloseTo(tensor.doubleAt(i), within(10 * 0x1p-22));
          }
        });
  }
}
