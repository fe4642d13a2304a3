package dev.dlm.compiler.pass;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.text.GraphPrinter;
import dev.dlm.text.Verifier;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Passes in order. Immutable and thread-safe.
 *
 * <p>A failure inside a pass is an {@link InternalException} that names the pass and carries the
 * graph before it and the pipeline from it on as reproducer.
 *
 * @param check runs on every changed graph; throws where the graph is not sound
 * @param observer sees each pass that ran and the graph after it
 */
public record Pipeline(List<Pass> passes, Consumer<Graph> check, BiConsumer<Pass, Graph> observer) {
  public Pipeline {
    passes = List.copyOf(passes);
  }

  /** A pipeline without checks in between. */
  public static Pipeline of(List<Pass> passes) {
    return new Pipeline(passes, graph -> {}, (pass, graph) -> {});
  }

  /** A pipeline without checks in between. */
  public static Pipeline of(Pass... passes) {
    return of(List.of(passes));
  }

  /** This pipeline with a check of every changed graph. */
  public Pipeline checkedBy(Consumer<Graph> other) {
    return new Pipeline(passes, other, observer);
  }

  /** This pipeline with {@link Verifier} as the check. */
  public Pipeline verified() {
    return checkedBy(graph -> Verifier.verify(graph, "the pass"));
  }

  /** This pipeline with another observer. */
  public Pipeline observedBy(BiConsumer<Pass, Graph> other) {
    return new Pipeline(passes, check, other);
  }

  /**
   * The pipeline up to the last pass of the given name.
   *
   * @throws GraphException with code {@code unknown-pass} if there is none
   */
  public Pipeline until(String name) {
    for (int i = passes.size() - 1; i >= 0; i--) {
      if (passes.get(i).name().equals(name)) {
        return new Pipeline(passes.subList(0, i + 1), check, observer);
      }
    }
    throw new GraphException(
        Diagnostic.error(
                "unknown-pass", "the pipeline has no pass '" + name + "'", Location.UNKNOWN)
            .withHelp(
                "it has: "
                    + passes.stream()
                        .map(Pass::name)
                        .distinct()
                        .collect(Collectors.joining(", "))));
  }

  /**
   * The graph after all passes; the same instance if none changed it.
   *
   * @throws GraphException if a pass that judges the graph finds the user at fault
   */
  public Graph run(Graph graph) {
    Graph current = graph;
    for (int i = 0; i < passes.size(); i++) {
      Pass pass = passes.get(i);
      Graph before = current;
      try {
        current = pass.apply(before);
        if (current != before) {
          check.accept(current);
        }
      } catch (GraphException e) {
        if (pass.judgesTheGraph()) {
          throw e;
        }
        throw failure(i, before, e);
      } catch (RuntimeException e) {
        throw failure(i, before, e);
      }
      observer.accept(pass, current);
    }
    return current;
  }

  private InternalException failure(int index, Graph before, RuntimeException cause) {
    Pipeline rest = new Pipeline(passes.subList(index, passes.size()), check, observer);
    return new InternalException(
        "pass " + passes.get(index).name() + " failed: " + cause.getMessage(),
        "// pipeline: " + rest + "\n" + GraphPrinter.print(before),
        cause);
  }

  /** The names of the passes with commas. */
  @Override
  public String toString() {
    return passes.stream().map(Pass::name).collect(Collectors.joining(","));
  }
}
