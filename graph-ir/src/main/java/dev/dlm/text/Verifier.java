package dev.dlm.text;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphInvariants;

/** Checks that a graph which the project itself made is sound. */
public final class Verifier {
  private Verifier() {}

  /**
   * Checks {@link GraphInvariants}.
   *
   * @param origin what made the graph, for the message, for example {@code pass fold-constants}
   * @throws InternalException that names the node and carries the text of the graph as reproducer
   */
  public static void verify(Graph graph, String origin) {
    GraphInvariants.findViolation(graph)
        .ifPresent(violation -> {
          throw new InternalException(
              "graph '"
                  + graph.name()
                  + "' is broken after "
                  + origin
                  + ": "
                  + violation.message()
                  + " ("
                  + violation.location()
                  + ")",
              GraphPrinter.print(graph));
        });
  }
}
