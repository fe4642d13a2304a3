package dev.dlm.compiler.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.compiler.Passes;
import dev.dlm.compiler.autodiff.ExpandGradientsTest.Odd;
import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.compiler.simplify.ExpandComposites;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.CompositeOp;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.meta.StopGradient;
import dev.dlm.reference.Interpreter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ops that are defined by their expansion, from inference to the compiled graph. */
class CompositeOpTest {
  private static final TensorType SCALAR = TensorType.of(DType.F64);

  private GraphBuilder graph;
  private SignatureBuilder signature;
  private BodyBuilder b;

  @BeforeEach
  void begin() {
    graph = new GraphBuilder("composites");
    signature = graph.signature("f");
    b = signature.body();
  }

  /** {@code x² y}. */
  record SquareTimes() implements CompositeOp {
    @Override
    public void check(InferContext context) {
      context.checkCount(2);
    }

    @Override
    public List<Value> expand(BodyBuilder builder, List<Value> operands) {
      Value x = operands.get(0);
      return List.of(builder.mul(builder.mul(x, x), operands.get(1)));
    }
  }

  /** The operand, with a gradient of its own: {@code factor} times the upstream. */
  record Scaled(double factor) implements CompositeOp {
    @Override
    public void check(InferContext context) {
      context.checkCount(1);
    }

    @Override
    public List<Value> expand(BodyBuilder builder, List<Value> operands) {
      return operands;
    }

    @Override
    public void differentiate(GradientContext context) {
      context.gradient(0, () -> context.builder().mul(context.upstream(), factor));
    }
  }

  /** A composition that is odd in a chosen way. */
  record Strange(Kind kind) implements CompositeOp {
    enum Kind {
      /** The gradient of {@code x³} with respect to {@code x}. */
      DIFFERENTIATES,
      /** {@code x · stop_gradient(x)}. */
      HOLDS_CONSTANT,
      /** Itself again. */
      ENDLESS,
      NOTHING
    }

    @Override
    public void check(InferContext context) {
      context.checkCount(1);
    }

    @Override
    public List<TensorType> infer(InferContext context) {
      check(context);
      return List.of(context.in(0));
    }

    @Override
    public List<Value> expand(BodyBuilder builder, List<Value> operands) {
      Value x = operands.get(0);
      return switch (kind) {
        case DIFFERENTIATES -> builder.gradient(builder.mul(x, builder.mul(x, x)), List.of(x));
        case HOLDS_CONSTANT -> List.of(builder.mul(x, builder.one(new StopGradient(), x)));
        case ENDLESS -> List.of(builder.neg(builder.one(this, x)));
        case NOTHING -> List.of();
      };
    }
  }

  private double at(Graph expanded, String output, double x) {
    Map<String, HostTensor> outputs =
        Interpreter.run(
                expanded.signature("f"), Map.of("x", HostTensor.scalar(DType.F64, x)), Map.of())
            .outputs();
    return Objects.requireNonNull(outputs.get(output)).doubleAt(0);
  }

  private Graph expanded() {
    return new ExpandGradients().apply(graph.build());
  }

  @Test
  void types_followFromTheExpansion_withItsGuards() {
    Value x = signature.input("x", TensorType.of(DType.F64, Dim.symbol("B")));
    Value y = signature.input("y", TensorType.of(DType.F64, Dim.symbol("C")));
    signature.output("z", b.one(new SquareTimes(), x, y));
    assertThat(graph.build().signature("f").guards())
        .extracting(Guard::toString)
        .containsExactly("B == C");
  }

  @Test
  void mistakesInsideTheExpansion_nameTheOp() {
    Value x = signature.input("x", TensorType.of(DType.F64, 2));
    Value y = signature.input("y", TensorType.of(DType.F64, 3));
    b.at(Location.Source.at("model.dlm", 3, 1));
    assertThatThrownBy(() -> b.one(new SquareTimes(), x, y))
        .isInstanceOfSatisfying(
            GraphException.class,
            e ->
                assertThat(e.diagnostics().get(0).summary())
                    .startsWith("model.dlm:3:1: error[shape-mismatch]: square_times: ")
                    .contains("in its expansion: mul: "));
  }

  @Test
  void theDerivedGradient_countsEachOperandOnce() {
    // z = x² sin(x): one operand is made from the other one.
    Value x = signature.input("x", SCALAR);
    Value z = b.one(new SquareTimes(), x, b.sin(x));
    Value cube = b.one(new SquareTimes(), x, x);
    signature.output("dz", b.gradient(z, List.of(x)).get(0));
    signature.output("cube", b.gradient(cube, List.of(x)).get(0));
    double at = 0.7;
    double wanted = 2 * at * Math.sin(at) + at * at * Math.cos(at);
    assertThat(at(expanded(), "dz", at)).isCloseTo(wanted, within(1e-15));
    assertThat(at(expanded(), "cube", at)).isCloseTo(3 * at * at, within(1e-15));
  }

  @Test
  void anOwnGradientRule_isSeenBeforeTheExpansion() {
    Value x = signature.input("x", SCALAR);
    Value y = b.one(new Scaled(-3), b.mul(x, x));
    signature.output("y", y).output("dy", b.gradient(y, List.of(x)).get(0));
    Graph compiled = Passes.standard().verified().run(graph.build());
    assertThat(at(compiled, "y", 2)).isEqualTo(4);
    assertThat(at(compiled, "dy", 2)).isEqualTo(-12);
  }

  @Test
  void gradientsAndStopsInsideAnExpansion_areResolved() {
    Value x = signature.input("x", SCALAR);
    Value slope = b.one(new Strange(Strange.Kind.DIFFERENTIATES), x);
    Value held = b.one(new Strange(Strange.Kind.HOLDS_CONSTANT), x);
    signature.output("slope", slope).output("d slope", b.gradient(slope, List.of(x)).get(0));
    signature.output("held", held).output("d held", b.gradient(held, List.of(x)).get(0));
    Graph compiled = Passes.standard().verified().run(graph.build());
    assertThat(at(compiled, "slope", 2)).isEqualTo(12);
    assertThat(at(compiled, "d slope", 2)).isEqualTo(12);
    assertThat(at(compiled, "held", 2)).isEqualTo(4);
    assertThat(at(compiled, "d held", 2)).isEqualTo(2);
    assertThat(compiled.signature("f").body().nodes())
        .noneMatch(node -> node.op() instanceof StopGradient);
  }

  @Test
  void aGradientThatTheExpansionLacks_isRefusedAsTheUsersMistake() {
    record HoldsOdd() implements CompositeOp {
      @Override
      public void check(InferContext context) {
        context.checkCount(1);
      }

      @Override
      public List<Value> expand(BodyBuilder builder, List<Value> operands) {
        return List.of(builder.one(new Odd(Odd.Behaviour.REFUSES), operands.get(0)));
      }
    }
    Value x = signature.input("x", SCALAR);
    Value y = b.one(new HoldsOdd(), x);
    signature.output("dy", b.gradient(y, List.of(x)).get(0));
    assertThatThrownBy(this::expanded)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("odd has no gradient");
  }

  @Test
  void compositeOps_areExpandedWhereTheyStand() {
    Value x = signature.input("x", SCALAR);
    b.at(Location.Source.at("model.dlm", 4, 2));
    signature.output("y", b.one(new SquareTimes(), x, b.one(new Scaled(2), x)));
    Graph all = Pipeline.of(new ExpandComposites()).run(graph.build());
    assertThat(all.signature("f").body().nodes())
        .extracting(node -> node.op().name() + " " + node.location())
        .containsExactly("mul model.dlm:4:2", "mul model.dlm:4:2");
  }

  @Test
  void expansionsWithoutEndOrResult_areInternalErrors() {
    Value x = signature.input("x", SCALAR);
    signature.output("y", b.one(new Strange(Strange.Kind.ENDLESS), x));
    assertThatThrownBy(() -> Pipeline.of(new ExpandComposites()).run(graph.build()))
        .isInstanceOf(InternalException.class)
        .hasMessageContaining("holds that op again");
    begin();
    Value other = signature.input("x", SCALAR);
    signature.output("y", b.one(new Strange(Strange.Kind.NOTHING), other));
    assertThatThrownBy(() -> Pipeline.of(new ExpandComposites()).run(graph.build()))
        .isInstanceOf(InternalException.class)
        .hasMessageContaining("the expansion of strange gives []");
  }
}
