package dev.dlm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.reference.Interpreter;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RandomGraphsTest {
  @Property(tries = 150)
  void graph_isTameForEveryBatch(
      @ForAll long seed, @ForAll @LongRange(min = 1, max = 5) long batch) {
    for (RandomGraphs.Options options :
        new RandomGraphs.Options[] {RandomGraphs.Options.STANDARD, RandomGraphs.Options.SMOOTH}) {
      Graph graph = RandomGraphs.graph(seed, options);
      Signature signature = graph.signature(Graph.PREDICT);
      Interpreter.Result result =
          Interpreter.run(
              signature,
              RandomGraphs.inputs(signature, batch, seed),
              RandomGraphs.variables(graph, seed));
      for (Map.Entry<String, HostTensor> output : result.outputs().entrySet()) {
        for (int i = 0; i < output.getValue().count(); i++) {
          assertThat(output.getValue().doubleAt(i)).as(output.getKey()).isBetween(-50.5, 50.5);
        }
      }
    }
  }

  @Property(tries = 20)
  void graph_isTheSameForTheSameSeed(@ForAll long seed) {
    assertThat(RandomGraphs.graph(seed)).isEqualTo(RandomGraphs.graph(seed));
  }

  @Test
  void graph_usesManyOps() {
    Set<String> names = new TreeSet<>();
    for (long seed = 0; seed < 200; seed++) {
      for (Node node : RandomGraphs.graph(seed).signature(Graph.PREDICT).body().nodes()) {
        names.add(node.op().name());
      }
    }
    assertThat(names)
        .contains("dot", "convolution", "reduce_window", "reduce", "concat", "pad", "slice")
        .contains("transpose", "reshape", "broadcast", "select", "compare", "cast", "iota", "size")
        .hasSizeGreaterThan(35);
  }
}
