package dev.dlm.compiler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.control.Activations;
import dev.dlm.op.control.Scan;
import dev.dlm.op.control.While;
import dev.dlm.op.math.Tanh;
import dev.dlm.op.nn.Dot;
import dev.dlm.testing.ControlGraphs;
import dev.dlm.text.Verifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of the gradient of a recurrent network. */
class LoopGradientsTest {
  private static List<Node> nodes(Activations activations) {
    Graph graph = ControlGraphs.recurrent(DType.F32, 3, 4, activations);
    return Passes.standard()
        .checkedBy(changed -> Verifier.verify(changed, "after a pass"))
        .run(graph)
        .signature(Graph.TRAIN)
        .body()
        .nodes();
  }

  private static List<Scan> scans(List<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.op() instanceof Scan)
        .map(node -> (Scan) node.op())
        .toList();
  }

  private static long count(Body body, Class<?> op) {
    return body.nodes().stream().filter(node -> op.isInstance(node.op())).count();
  }

  @Test
  void savedActivations_leaveTheBackwardLoopWithWhatDependsOnIt() {
    List<Node> nodes = nodes(Activations.SAVED);
    List<Scan> scans = scans(nodes);
    assertThat(scans).hasSize(2);
    assertThat(scans.get(0).reverse()).isFalse();
    assertThat(scans.get(1).reverse()).isTrue();
    assertThat(count(scans.get(0).body(), Tanh.class)).isEqualTo(1);
    assertThat(count(scans.get(1).body(), Tanh.class)).isZero();
    // The gradients of the carry and of the input; those of the weights come after the loop.
    assertThat(count(scans.get(1).body(), Dot.class)).isEqualTo(2);
    assertThat(scans.get(1).carries()).isEqualTo(1);
    // What the input gives to all steps, and the gradients of both weights.
    assertThat(nodes.stream().filter(node -> node.op() instanceof Dot)).hasSize(3);
  }

  @Test
  void recomputedActivations_areComputedAgain() {
    List<Scan> scans = scans(nodes(Activations.RECOMPUTED));
    assertThat(scans).hasSize(2);
    assertThat(count(scans.get(1).body(), Tanh.class)).isEqualTo(1);
    assertThat(scans.get(1).carries()).isEqualTo(4);
  }

  @Test
  void recomputedActivations_takeLessMemory() {
    // The network's own output keeps each state; what is in between is not kept.
    long saved = arenaBytes(Activations.SAVED);
    long recomputed = arenaBytes(Activations.RECOMPUTED);
    assertThat(recomputed).isLessThan(saved);
  }

  private static long arenaBytes(Activations activations) {
    return Compiler.compile(ControlGraphs.recurrent(DType.F32, 3, 4, activations))
        .program(Graph.TRAIN)
        .arenaBytes()
        .evaluate(symbol -> 100);
  }

  @Test
  void loopWithoutALimit_hasNoGradient_andSaysWhatToDo() {
    TensorType scalar = TensorType.of(DType.F32);
    BodyBuilder c = new BodyBuilder();
    Body below = c.build(List.of(c.less(c.parameter(scalar), c.scalar(DType.F32, 9))));
    BodyBuilder s = new BodyBuilder();
    Body twice = s.build(List.of(s.mul(s.parameter(scalar), 2)));
    GraphBuilder graph = new GraphBuilder("endless");
    SignatureBuilder f = graph.signature("f");
    Value x = f.input("x", scalar);
    Value y = f.body().one(new While(below, twice, 1, 0), x);
    f.output("dx", f.body().gradient(y, List.of(x)).get(0));
    Graph endless = graph.build();
    assertThatThrownBy(() -> Compiler.compile(endless))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("while has no gradient with respect to operand 0")
        .hasMessageContaining("give the loop a limit of iterations");
  }
}
