package dev.dlm.compiler.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final Graph GRAPH = new Graph("", List.of(), List.of());

  /** Adds a letter to the graph's name. */
  private record AppendLetter(String letter) implements Pass {
    @Override
    public Graph apply(Graph graph) {
      return new Graph(graph.name() + letter, graph.variables(), graph.signatures());
    }
  }

  private record KeepAsIs() implements Pass {
    @Override
    public Graph apply(Graph graph) {
      return graph;
    }
  }

  private record FailAlways(boolean judgesTheGraph, UnaryOperator<Graph> how) implements Pass {
    @Override
    public Graph apply(Graph graph) {
      return how.apply(graph);
    }
  }

  private static Graph blame(Graph graph) {
    throw new GraphException(Diagnostic.error("test", "not this graph", Location.UNKNOWN));
  }

  private static Graph breakDown(Graph graph) {
    throw new IllegalStateException("broken");
  }

  @Test
  void run_appliesPassesInOrder_andShowsThemToTheObserver() {
    List<String> seen = new ArrayList<>();
    Graph result =
        Pipeline.of(new AppendLetter("a"), new KeepAsIs(), new AppendLetter("b"))
            .observedBy((pass, graph) -> seen.add(pass.name() + " " + graph.name()))
            .run(GRAPH);
    assertThat(result.name()).isEqualTo("ab");
    assertThat(seen).containsExactly("append-letter a", "keep-as-is a", "append-letter ab");
  }

  @Test
  void run_withoutChange_isTheSameInstance() {
    assertThat(Pipeline.of(new KeepAsIs(), new KeepAsIs()).run(GRAPH)).isSameAs(GRAPH);
  }

  @Test
  void run_checksChangedGraphsOnly() {
    List<Graph> checked = new ArrayList<>();
    Pipeline.of(new KeepAsIs(), new AppendLetter("a"), new KeepAsIs())
        .checkedBy(checked::add)
        .run(GRAPH);
    assertThat(checked).extracting(Graph::name).containsExactly("a");
  }

  @Test
  void until_endsAfterTheLastPassOfTheName() {
    Pipeline pipeline =
        Pipeline.of(new AppendLetter("a"), new KeepAsIs(), new AppendLetter("b"), new KeepAsIs());
    assertThat(pipeline.until("append-letter"))
        .hasToString("append-letter,keep-as-is,append-letter");
    assertThatThrownBy(() -> pipeline.until("fold"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("unknown-pass");
  }

  @Test
  void run_whenAPassBreaks_namesItAndHowToBringTheFailureBack() {
    Pipeline pipeline =
        Pipeline.of(
            new AppendLetter("a"), new FailAlways(false, PipelineTest::breakDown), new KeepAsIs());
    assertThatThrownBy(() -> pipeline.run(GRAPH))
        .isInstanceOfSatisfying(
            InternalException.class,
            e -> {
              assertThat(e).hasMessage("pass fail-always failed: broken");
              assertThat(e.reproducer().orElseThrow())
                  .startsWith("// pipeline: fail-always,keep-as-is\n")
                  .contains("\"a\"");
            });
  }

  @Test
  void run_whenTheCheckFails_namesThePass() {
    Pipeline pipeline =
        Pipeline.of(new AppendLetter("a"))
            .checkedBy(graph -> {
              throw new InternalException("unsound");
            });
    assertThatThrownBy(() -> pipeline.run(GRAPH))
        .isInstanceOf(InternalException.class)
        .hasMessage("pass append-letter failed: unsound");
  }

  @Test
  void run_letsOnlyJudgingPassesBlameTheUser() {
    Pass judging = new FailAlways(true, PipelineTest::blame);
    assertThatThrownBy(() -> Pipeline.of(judging).run(GRAPH)).isInstanceOf(GraphException.class);
    Pass other = new FailAlways(false, PipelineTest::blame);
    assertThatThrownBy(() -> Pipeline.of(other).run(GRAPH)).isInstanceOf(InternalException.class);
  }
}
