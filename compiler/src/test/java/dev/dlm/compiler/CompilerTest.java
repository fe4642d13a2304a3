package dev.dlm.compiler;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.plan.Storage;
import dev.dlm.plan.reference.PlanInterpreter;
import dev.dlm.reference.Interpreter;
import dev.dlm.testing.RandomGraphs;
import dev.dlm.text.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CompilerTest {
  /** Folds run in another order than the interpreter's sums, hence the tolerance in f64. */
  @Property(tries = 40)
  void plan_keepsTheMeaningOfRandomGraphsAndTheirGradients(
      @ForAll long seed, @ForAll @LongRange(min = 1, max = 4) long batch) {
    Graph graph =
        GradientsOf.loss(
            RandomGraphs.graph(seed, new RandomGraphs.Options(DType.F64, 5, 30, true, false)));
    Plan plan =
        Compiler.compile(
            graph,
            Passes.standard().checkedBy(changed -> Verifier.verify(changed, "after a pass")));
    for (Signature signature : new ExpandGradients().apply(graph).signatures()) {
      Map<String, HostTensor> inputs = RandomGraphs.inputs(signature, batch, seed);
      Map<String, HostTensor> variables = RandomGraphs.variables(graph, seed);
      Interpreter.Result wanted = Interpreter.run(signature, inputs, variables);
      Interpreter.Result found =
          PlanInterpreter.run(plan.program(signature.name()), inputs, variables);
      wanted
          .outputs()
          .forEach((name, tensor) -> assertClose(name, tensor, found.outputs().get(name)));
    }
  }

  private static void assertClose(String name, HostTensor wanted, HostTensor found) {
    assertThat(found.type()).isEqualTo(wanted.type());
    for (int i = 0; i < wanted.count(); i++) {
      double a = wanted.doubleAt(i);
      double b = found.doubleAt(i);
      boolean close = Math.abs(a - b) <= 1e-8 * (1 + Math.abs(a)) || Double.compare(a, b) == 0;
      assertThat(close).as("%s[%d]: wanted %s, found %s", name, i, a, b).isTrue();
    }
  }

  @Test
  void trainingStep_isOnePlanThatUpdatesWeightsInPlace() {
    Plan plan =
        Compiler.compile(
            perceptron(),
            Passes.standard().checkedBy(changed -> Verifier.verify(changed, "after a pass")));
    Program train = plan.program(Graph.TRAIN);
    assertThat(train.updates()).hasSize(4);
    Storage bias = train.buffers().get(train.updates().get(1).view().buffer()).storage();
    assertThat(bias).isEqualTo(new Storage.OfVariable("hidden.b"));
    assertThat(train.arenaBytes().symbols()).containsExactly("B");
    assertThat(train.steps().size()).isLessThanOrEqualTo(14);
  }

  @Test
  void equalGraphs_giveEqualPlans() {
    assertThat(Compiler.compile(perceptron())).isEqualTo(Compiler.compile(perceptron()));
  }

  /** Two dense layers, softmax cross entropy over four classes, plain gradient descent. */
  private static Graph perceptron() {
    GraphBuilder graph = new GraphBuilder("perceptron");
    List<Variable> weights = new ArrayList<>();
    weights.add(graph.variable("hidden.w", TensorType.of(DType.F32, 6, 8), Variable.Role.WEIGHT));
    weights.add(graph.variable("hidden.b", TensorType.of(DType.F32, 8), Variable.Role.WEIGHT));
    weights.add(graph.variable("out.w", TensorType.of(DType.F32, 8, 4), Variable.Role.WEIGHT));
    weights.add(graph.variable("out.b", TensorType.of(DType.F32, 4), Variable.Role.WEIGHT));
    SignatureBuilder train = graph.signature(Graph.TRAIN);
    BodyBuilder b = train.body();
    Value x = train.input("x", TensorType.of(DType.F32, Dim.symbol("B"), Dim.of(6)));
    Value label = train.input("label", TensorType.of(DType.I32, Dim.symbol("B")));
    List<Value> reads = weights.stream().map(train::read).toList();
    Value hidden = b.relu(b.add(b.matMul(x, reads.get(0)), reads.get(1)));
    Value logits = b.add(b.matMul(hidden, reads.get(2)), reads.get(3));
    Value classes = b.iota(TensorType.of(DType.I32, Dim.symbol("B"), Dim.of(4)), 1);
    Value hot =
        b.cast(b.equal(classes, b.broadcast(label, classes.shape(), List.of(0))), DType.F32);
    Value loss = b.neg(b.mean(b.mul(hot, b.log(b.softmax(logits)))));
    train.output("loss", loss);
    List<Value> gradients = b.gradient(loss, reads);
    for (int i = 0; i < weights.size(); i++) {
      train.update(weights.get(i), b.sub(reads.get(i), b.mul(gradients.get(i), 0.1)));
    }
    return graph.build();
  }
}
