package dev.dlm.compiler.pass;

import dev.dlm.ir.Graph;
import java.util.Locale;

/**
 * One transformation of a graph, named by a verb phrase. Stateless and thread-safe: equal graphs
 * give equal results. A graph that needs no change comes back as the same instance.
 */
public interface Pass {

  /** The name in pipelines: the class name in lower case with hyphens, {@code fold-constants}. */
  default String name() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  /** The transformed graph; the same instance if nothing changed. */
  Graph apply(Graph graph);

  /**
   * Whether the pass may find the user's graph at fault and throw a {@link
   * dev.dlm.diagnostic.GraphException}. From any other pass that exception is an internal error.
   */
  default boolean judgesTheGraph() {
    return false;
  }
}
