package dev.dlm.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.compiler.autodiff.ExpandGradients;
import dev.dlm.compiler.pass.Pass;
import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.compiler.simplify.CleanShapes;
import dev.dlm.compiler.simplify.FoldConstants;
import dev.dlm.compiler.simplify.FoldTransposeIntoDot;
import dev.dlm.compiler.simplify.RemoveDeadNodes;
import dev.dlm.compiler.simplify.ShareCommonSubexpressions;
import dev.dlm.compiler.simplify.SimplifyAlgebra;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.reference.Interpreter;
import dev.dlm.testing.RandomGraphs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random graphs, gradients included, keep their meaning under every pass and the pipeline. */
class PassProperties {
  private static final RandomGraphs.Options ANY =
      new RandomGraphs.Options(DType.F64, 5, 40, true, false).withLoops();

  @Provide
  Arbitrary<Pass> exactPasses() {
    return Arbitraries.of(
        new FoldConstants(),
        new SimplifyAlgebra(),
        new FoldTransposeIntoDot(),
        new ShareCommonSubexpressions(),
        new RemoveDeadNodes());
  }

  @Provide
  Arbitrary<Pass> passes() {
    return Arbitraries.of(Passes.all().values());
  }

  @Property(tries = 60)
  void exactPasses_keepEveryBit(@ForAll("exactPasses") Pass pass, @ForAll long seed) {
    Graph graph = expanded(seed);
    assertThat(run(Pipeline.of(pass).verified().run(graph), seed)).isEqualTo(run(graph, seed));
  }

  /**
   * Shapes are cleaned to the bit except for sums that become products: n summands, each rounded to
   * 2⁻⁵³ of a partial sum; sums here have at most some hundred summands, and gradients multiply the
   * difference by factors up to some thousand.
   */
  @Property(tries = 40)
  void cleanShapes_keepsResults(@ForAll long seed) {
    Graph graph = expanded(seed);
    Graph cleaned = Pipeline.of(new CleanShapes()).verified().run(graph);
    assertClose(run(cleaned, seed), run(graph, seed), 1e-10);
  }

  @Property(tries = 40)
  void pipeline_keepsResults(@ForAll long seed) {
    Graph graph = GradientsOf.loss(RandomGraphs.graph(seed, ANY));
    Map<String, HostTensor> expected = run(new ExpandGradients().apply(graph), seed);
    assertClose(run(Passes.standard().verified().run(graph), seed), expected, 1e-10);
  }

  /**
   * With a step of 1e-5, truncation costs {@code h² f''' / 6} and rounding {@code 2⁻⁵³ |f| / h}: a
   * loss within ±3 whose third derivative stays below 1e5 is known to 2e-6.
   */
  @Property(tries = 40)
  void gradients_agreeWithDifferences(@ForAll long seed) {
    Graph graph = GradientsOf.loss(RandomGraphs.graph(seed, RandomGraphs.Options.SMOOTH));
    Signature signature = Passes.standard().run(graph).signature(Graph.PREDICT);
    Map<String, HostTensor> at = RandomGraphs.inputs(signature, 2, seed);
    Map<String, HostTensor> variables = RandomGraphs.variables(graph, seed);
    Map<String, HostTensor> direction = RandomGraphs.inputs(signature, 2, seed + 1);
    Map<String, HostTensor> outputs = Interpreter.run(signature, at, variables).outputs();
    double product = 0;
    double scale = 1;
    for (int i = 0; i < signature.inputs().size(); i++) {
      HostTensor gradient = Objects.requireNonNull(outputs.get("d" + i));
      HostTensor along = Objects.requireNonNull(direction.get(signature.inputs().get(i)));
      for (int e = 0; e < along.count(); e++) {
        product += gradient.doubleAt(e) * along.doubleAt(e);
        scale += Math.abs(gradient.doubleAt(e) * along.doubleAt(e));
      }
    }
    double step = 1e-5;
    double high = loss(signature, moved(at, direction, step), variables);
    double low = loss(signature, moved(at, direction, -step), variables);
    assertThat((high - low) / (2 * step)).isCloseTo(product, within(2e-6 * scale));
  }

  private static double loss(
      Signature signature, Map<String, HostTensor> inputs, Map<String, HostTensor> variables) {
    Map<String, HostTensor> outputs = Interpreter.run(signature, inputs, variables).outputs();
    return Objects.requireNonNull(outputs.get("loss")).doubleAt(0);
  }

  private static Map<String, HostTensor> moved(
      Map<String, HostTensor> at, Map<String, HostTensor> direction, double step) {
    Map<String, HostTensor> moved = new LinkedHashMap<>();
    at.forEach((name, from) -> {
      HostTensor along = Objects.requireNonNull(direction.get(name));
      moved.put(
          name,
          HostTensor.ofDoubles(along.type(), e -> from.doubleAt(e) + step * along.doubleAt(e)));
    });
    return moved;
  }

  @Property(tries = 40)
  void everyPass_isDoneAfterOneRun_andSaysHonestlyWhatChanged(
      @ForAll("passes") Pass pass, @ForAll long seed) {
    Graph graph = GradientsOf.loss(RandomGraphs.graph(seed, ANY));
    Graph once = pass.apply(graph);
    assertThat(pass.apply(once)).isSameAs(once);
    if (once != graph) {
      assertThat(once).isNotEqualTo(graph);
    }
  }

  @Property(tries = 25)
  void pipeline_leavesNothingToDo(@ForAll long seed) {
    Graph graph = GradientsOf.loss(RandomGraphs.graph(seed, ANY));
    Graph once = Passes.standard().run(graph);
    assertThat(Passes.standard().run(once)).isSameAs(once);
  }

  @Property(tries = 10)
  void pipeline_givesEqualGraphsForEqualGraphs(@ForAll long seed) {
    Graph first = Passes.standard().run(GradientsOf.loss(RandomGraphs.graph(seed, ANY)));
    Graph second = Passes.standard().run(GradientsOf.loss(RandomGraphs.graph(seed, ANY)));
    assertThat(first).isEqualTo(second);
  }

  private static Graph expanded(long seed) {
    return new ExpandGradients().apply(GradientsOf.loss(RandomGraphs.graph(seed, ANY)));
  }

  private static Map<String, HostTensor> run(Graph graph, long seed) {
    Map<String, HostTensor> results = new LinkedHashMap<>();
    Map<String, HostTensor> variables = RandomGraphs.variables(graph, seed);
    for (Signature signature : graph.signatures()) {
      results.putAll(
          Interpreter.run(signature, RandomGraphs.inputs(signature, 3, seed), variables).outputs());
    }
    return results;
  }

  private static void assertClose(
      Map<String, HostTensor> actual, Map<String, HostTensor> expected, double tolerance) {
    assertThat(List.copyOf(actual.keySet())).isEqualTo(List.copyOf(expected.keySet()));
    expected.forEach((name, tensor) -> {
      HostTensor other = actual.get(name);
      assertThat(other.type()).isEqualTo(tensor.type());
      for (int i = 0; i < tensor.count(); i++) {
        double scale = 1 + Math.abs(tensor.doubleAt(i));
        assertThat(Math.abs(other.doubleAt(i) - tensor.doubleAt(i)))
            .as("%s[%d]", name, i)
            .isLessThanOrEqualTo(tolerance * scale);
      }
    });
  }
}
