package dev.dlm.compiler.simplify;

import dev.dlm.compiler.pass.LiveNodes;
import dev.dlm.compiler.pass.NestedBodies;
import dev.dlm.compiler.pass.Pass;
import dev.dlm.ir.Body;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Removes nodes that no result of their body needs, and reads of variables that nothing uses.
 * Inputs stay, used or not: they are what callers pass. So do variables: another signature may use
 * them, and checkpoints hold them.
 */
public record RemoveDeadNodes() implements Pass {
  @Override
  public Graph apply(Graph graph) {
    List<Signature> signatures = graph.signatures().stream().map(RemoveDeadNodes::clean).toList();
    boolean changed = false;
    for (int i = 0; i < signatures.size(); i++) {
      changed |= signatures.get(i) != graph.signatures().get(i);
    }
    return changed ? new Graph(graph.name(), graph.variables(), signatures) : graph;
  }

  private static Signature clean(Signature signature) {
    Body nested = NestedBodies.map(signature.body(), LiveNodes::prune);
    Set<Integer> needed = LiveNodes.idsNeeded(nested);
    List<Value> parameters =
        new ArrayList<>(nested.parameters().subList(0, signature.inputs().size()));
    List<String> reads = new ArrayList<>();
    for (int i = 0; i < signature.reads().size(); i++) {
      if (needed.contains(signature.read(i).id())) {
        parameters.add(signature.read(i));
        reads.add(signature.reads().get(i));
      }
    }
    Body body = LiveNodes.prune(nested, parameters);
    return body == signature.body()
        ? signature
        : new Signature(
            signature.name(),
            signature.inputs(),
            reads,
            body,
            signature.outputs(),
            signature.updates(),
            signature.guards());
  }
}
