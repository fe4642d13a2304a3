package dev.dlm.compiler.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.op.math.Add;
import dev.dlm.op.math.Mul;
import dev.dlm.op.meta.Gradient;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.reference.Interpreter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExpandGradientsTest {
  private static final TensorType SCALAR = TensorType.of(DType.F64);

  private GraphBuilder graph;
  private SignatureBuilder signature;
  private BodyBuilder b;

  /** An op whose rule misbehaves in a chosen way. */
  record Odd(Behaviour behaviour) implements Op {
    enum Behaviour {
      REFUSES,
      FORGETS,
      REPEATS,
      GIVES_ANOTHER_SHAPE
    }

    @Override
    public String name() {
      return "odd";
    }

    @Override
    public List<TensorType> infer(InferContext context) {
      return List.of(context.in(0));
    }

    @Override
    public Dim operations(List<TensorType> operands, List<TensorType> results) {
      return Dim.ZERO;
    }

    @Override
    public void differentiate(GradientContext context) {
      switch (behaviour) {
        case REFUSES -> context.notDifferentiable(0, "its values are labels");
        case FORGETS -> {}
        case REPEATS -> {
          context.zero(0);
          context.zero(0);
        }
        case GIVES_ANOTHER_SHAPE ->
            context.gradient(0, () -> context.builder().filled(TensorType.of(DType.F64, 2), 1));
      }
    }

    @Override
    public List<HostTensor> evaluate(EvalContext context) {
      return List.of(context.in(0));
    }
  }

  @BeforeEach
  void begin() {
    graph = new GraphBuilder("test");
    signature = graph.signature("f");
    b = signature.body();
  }

  private Graph expanded() {
    return new ExpandGradients().apply(graph.build());
  }

  private Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
    return Interpreter.run(expanded().signature("f"), inputs, Map.of()).outputs();
  }

  private static HostTensor number(double value) {
    return HostTensor.scalar(DType.F64, value);
  }

  @Test
  void apply_withoutGradients_isTheSameInstance() {
    signature.output("y", b.exp(signature.input("x", SCALAR)));
    Graph built = graph.build();
    assertThat(new ExpandGradients().apply(built)).isSameAs(built);
  }

  @Test
  void independentValues_haveZeroGradients() {
    Value x = signature.input("x", SCALAR);
    Value other = signature.input("other", TensorType.of(DType.F64, 3));
    List<Value> gradients = b.gradient(b.exp(x), List.of(x, other));
    signature.output("dx", gradients.get(0)).output("dother", gradients.get(1));
    Map<String, HostTensor> outputs =
        run(Map.of("x", number(0), "other", HostTensor.filled(other.type(), 5)));
    assertThat(outputs)
        .containsEntry("dx", number(1))
        .containsEntry("dother", HostTensor.filled(other.type(), 0));
  }

  @Test
  void aValueOverItself_hasTheGradientOne() {
    Value x = signature.input("x", SCALAR);
    signature.output("dx", b.gradient(x, List.of(x)).get(0));
    assertThat(run(Map.of("x", number(7)))).containsEntry("dx", number(1));
  }

  @Test
  void valuesInTheMiddle_haveGradients_andDoNotCutPaths() {
    Value x = signature.input("x", SCALAR);
    Value square = b.mul(x, x);
    List<Value> gradients = b.gradient(b.mul(square, x), List.of(square, x));
    signature.output("dsquare", gradients.get(0)).output("dx", gradients.get(1));
    assertThat(run(Map.of("x", number(3))))
        .containsEntry("dsquare", number(3))
        .containsEntry("dx", number(27));
  }

  @Test
  void gradientsOfGradients_areExpandedInnermostFirst() {
    Value x = signature.input("x", SCALAR);
    Value cube = b.mul(b.mul(x, x), x);
    Value first = b.gradient(cube, List.of(x)).get(0);
    Value second = b.gradient(first, List.of(x)).get(0);
    signature.output("third", b.gradient(second, List.of(x)).get(0));
    assertThat(run(Map.of("x", number(5)))).containsEntry("third", number(6));
  }

  @Test
  void stopGradient_cutsThePathAndIsGoneAfterwards() {
    Value x = signature.input("x", SCALAR);
    Value y = b.mul(x, b.one(new StopGradient(), x));
    signature.output("dx", b.gradient(y, List.of(x)).get(0));
    assertThat(run(Map.of("x", number(4)))).containsEntry("dx", number(4));
    assertThat(expanded().signature("f").body().nodes())
        .noneMatch(node -> node.op() instanceof StopGradient || node.op() instanceof Gradient);
  }

  @Test
  void integersOnThePath_endIt() {
    Value x = signature.input("x", SCALAR);
    Value y = b.mul(b.cast(b.cast(x, DType.I32), DType.F64), x);
    signature.output("dx", b.gradient(y, List.of(x)).get(0));
    assertThat(run(Map.of("x", number(2.5)))).containsEntry("dx", number(2));
  }

  @Test
  void severalUses_areAddedFromTheLastToTheFirst() {
    Value x = signature.input("x", SCALAR);
    Value y = b.add(b.add(b.exp(x), b.sin(x)), b.tanh(x));
    Value dx = b.gradient(y, List.of(x)).get(0);
    signature.output("dx", dx);
    HostTensor at = number(0.3);
    double tanh = StrictMath.tanh(0.3);
    double first = (1 - tanh * tanh) + StrictMath.cos(0.3);
    assertThat(run(Map.of("x", at))).containsEntry("dx", number(first + StrictMath.exp(0.3)));
  }

  @Test
  void nodesOffThePath_areNotDifferentiated() {
    Value x = signature.input("x", SCALAR);
    Value label = b.one(new Odd(Odd.Behaviour.REFUSES), signature.input("label", SCALAR));
    signature.output("dx", b.gradient(b.mul(x, label), List.of(x)).get(0));
    assertThat(run(Map.of("x", number(1), "label", number(8)))).containsEntry("dx", number(8));
  }

  @Test
  void aRuleThatRefusesOnThePath_isTheUsersError() {
    Value x = signature.input("x", SCALAR);
    b.at(Location.Source.at("model.dlm", 4, 7));
    Value odd = b.one(new Odd(Odd.Behaviour.REFUSES), x);
    b.at(Location.Source.at("model.dlm", 9, 3));
    signature.output("dx", b.gradient(odd, List.of(x)).get(0));
    assertThatThrownBy(this::expanded)
        .isInstanceOfSatisfying(
            GraphException.class,
            e ->
                assertThat(e.diagnostics().get(0))
                    .satisfies(d -> {
                      assertThat(d.summary())
                          .startsWith("model.dlm:4:7: error[not-differentiable]")
                          .contains("odd", "its values are labels");
                      assertThat(d.notes().get(0).location()).hasToString("model.dlm:9:3");
                    }));
  }

  @Test
  void aRuleThatForgetsAnOperand_isAnInternalError() {
    assertInternal(Odd.Behaviour.FORGETS, "leaves an operand out");
  }

  @Test
  void aRuleThatRepeatsAnOperand_isAnInternalError() {
    assertInternal(Odd.Behaviour.REPEATS, "twice");
  }

  @Test
  void aRuleThatGivesAnotherShape_isAnInternalError() {
    assertInternal(Odd.Behaviour.GIVES_ANOTHER_SHAPE, "f64[2]");
  }

  private void assertInternal(Odd.Behaviour behaviour, String message) {
    Value x = signature.input("x", SCALAR);
    signature.output("dx", b.gradient(b.one(new Odd(behaviour), x), List.of(x)).get(0));
    assertThatThrownBy(this::expanded)
        .isInstanceOf(InternalException.class)
        .hasMessageContaining(message);
  }

  @Test
  void newNodes_sayWhoseGradientTheyAre() {
    Value x = signature.input("x", SCALAR);
    b.at(Location.Source.at("model.dlm", 2, 5));
    Value y = b.mul(x, b.sin(x));
    signature.output("dx", b.gradient(y, List.of(x)).get(0));
    assertThat(expanded().signature("f").body().nodes())
        .extracting(Node::location)
        .contains(new Location.Derived("gradient of", Location.Source.at("model.dlm", 2, 5)));
  }

  @Test
  void sizesEqualByAGuard_areFitted() {
    Value x = signature.input("x", TensorType.of(DType.F64, Dim.symbol("B")));
    Value y = signature.input("y", TensorType.of(DType.F64, Dim.symbol("C")));
    Value loss = b.sum(b.one(new Mul(), b.one(new Add(), x, y), x));
    List<Value> gradients = b.gradient(loss, List.of(x, y));
    signature.output("dx", gradients.get(0)).output("dy", gradients.get(1));
    Graph expanded = expanded();
    assertThat(expanded.signature("f").output(1).type()).isEqualTo(y.type());
    // The model's own guard stays the only one: those of the gradient say the same.
    assertThat(expanded.signature("f").guards()).hasSize(1);
  }

  @Test
  void chainsOfFiftyThousandNodes_doNotOverflow() {
    Value x = signature.input("x", SCALAR);
    Value y = x;
    for (int i = 0; i < 50_000; i++) {
      y = b.sin(y);
    }
    signature.output("dx", b.gradient(y, List.of(x)).get(0));
    assertThat(expanded().signature("f").body().nodes()).hasSizeGreaterThan(100_000);
  }
}
