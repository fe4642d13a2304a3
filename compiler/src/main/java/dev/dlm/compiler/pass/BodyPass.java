package dev.dlm.compiler.pass;

import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * A pass that changes the bodies of a graph one by one and keeps parameters, result types, and
 * guards. Bodies inside ops are changed before the bodies that hold them.
 */
public interface BodyPass extends Pass {

  /** The changed body, with equal parameter and result types; the same instance if unchanged. */
  Body rewrite(Body body);

  @Override
  default Graph apply(Graph graph) {
    List<Signature> signatures = new ArrayList<>();
    boolean changed = false;
    for (Signature signature : graph.signatures()) {
      Body body = rewrite(NestedBodies.map(signature.body(), this::rewrite));
      boolean same = body == signature.body();
      changed |= !same;
      signatures.add(same ? signature : signature.withBody(body));
    }
    return changed ? new Graph(graph.name(), graph.variables(), signatures) : graph;
  }
}
