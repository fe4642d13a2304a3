package dev.dlm.compiler.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.compiler.simplify.SimplifyAlgebra;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.InferContext;
import dev.dlm.op.Op;
import dev.dlm.reference.Interpreter;
import java.util.List;
import org.junit.jupiter.api.Test;

class NestedBodiesTest {
  private static final TensorType SCALAR = TensorType.of(DType.F32);

  /** Applies bodies one after the other. */
  record Chain(List<Body> bodies) implements Op {
    @Override
    public String name() {
      return "chain";
    }

    @Override
    public List<TensorType> infer(InferContext context) {
      return context.operands();
    }

    @Override
    public Dim operations(List<TensorType> operands, List<TensorType> results) {
      return Dim.sum(bodies.stream().map(Body::operations).toList());
    }

    @Override
    public void differentiate(GradientContext context) {
      context.notDifferentiable(0, "not needed here");
    }

    @Override
    public List<HostTensor> evaluate(EvalContext context) {
      List<HostTensor> values = context.operands();
      for (Body body : bodies) {
        values = Interpreter.evaluate(body, values);
      }
      return values;
    }
  }

  private static Body negations(int count) {
    BodyBuilder b = new BodyBuilder();
    Value value = b.parameter(SCALAR);
    for (int i = 0; i < count; i++) {
      value = b.neg(value);
    }
    return b.build(List.of(value));
  }

  private static Graph graph(Op op) {
    GraphBuilder graph = new GraphBuilder("test");
    SignatureBuilder signature = graph.signature("f");
    signature.output("y", signature.body().one(op, signature.input("x", SCALAR)));
    return graph.build();
  }

  @Test
  void bodyPasses_changeBodiesInsideOps() {
    Graph simplified = new SimplifyAlgebra().apply(graph(new Chain(List.of(negations(5)))));
    assertThat(simplified).isEqualTo(graph(new Chain(List.of(negations(1)))));
  }

  @Test
  void bodyPasses_reachBodiesInsideBodies() {
    BodyBuilder b = new BodyBuilder();
    Value x = b.parameter(SCALAR);
    Body outer = b.build(List.of(b.one(new Chain(List.of(negations(2))), x)));
    Graph simplified = new SimplifyAlgebra().apply(graph(new Chain(List.of(outer))));
    Body innermost =
        ((Chain)
                ((Chain) simplified.signature("f").body().nodes().get(0).op())
                    .bodies()
                    .get(0)
                    .nodes()
                    .get(0)
                    .op())
            .bodies()
            .get(0);
    assertThat(innermost.nodes()).isEmpty();
  }

  @Test
  void bodyPasses_withoutChangeInside_giveTheSameInstance() {
    Graph graph = graph(new Chain(List.of(negations(1), negations(0))));
    assertThat(new SimplifyAlgebra().apply(graph)).isSameAs(graph);
  }
}
