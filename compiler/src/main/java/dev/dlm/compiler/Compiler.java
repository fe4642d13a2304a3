package dev.dlm.compiler;

import dev.dlm.compiler.lower.PlanLowering;
import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;

/**
 * From a graph to its plan: the passes of {@link Passes#standard}, then fusion, scheduling and
 * memory planning. Equal graphs give equal plans. Stateless and thread-safe.
 */
public final class Compiler {
  private Compiler() {}

  /**
   * Compiles a graph with the standard pipeline.
   *
   * @throws dev.dlm.diagnostic.GraphException if the graph asks for a gradient that an op does not
   *     have
   */
  public static Plan compile(Graph graph) {
    return compile(graph, Passes.standard());
  }

  /**
   * Compiles a graph with passes of the caller's choice.
   *
   * @param pipeline expands gradients, if the graph has any
   */
  public static Plan compile(Graph graph, Pipeline pipeline) {
    return PlanLowering.lower(pipeline.run(graph));
  }
}
