package dev.dlm.compiler.pass;

import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the results of a body need. */
public final class LiveNodes {
  private LiveNodes() {}

  /** The numbers of the values that the results need, results included. */
  public static Set<Integer> idsNeeded(Body body) {
    Set<Integer> needed = new HashSet<>();
    body.results().forEach(result -> needed.add(result.id()));
    for (Node node : body.nodes().reversed()) {
      if (node.results().stream().anyMatch(result -> needed.contains(result.id()))) {
        node.operands().forEach(operand -> needed.add(operand.id()));
      }
    }
    return needed;
  }

  /** The body without nodes that its results do not need; the same instance if there are none. */
  public static Body prune(Body body) {
    return prune(body, body.parameters());
  }

  /**
   * The body without nodes that its results do not need and with only the given parameters, among
   * which are all that the results need; the same instance if nothing is left out.
   */
  public static Body prune(Body body, List<Value> parameters) {
    Set<Integer> needed = idsNeeded(body);
    List<Node> kept =
        body.nodes().stream()
            .filter(node -> node.results().stream().anyMatch(value -> needed.contains(value.id())))
            .toList();
    if (kept.size() == body.nodes().size() && parameters.size() == body.parameters().size()) {
      return body;
    }
    Map<Integer, Value> renumbered = new HashMap<>();
    parameters.forEach(value -> renumber(value, renumbered));
    List<Node> nodes = new ArrayList<>(kept.size());
    for (Node node : kept) {
      List<Value> operands =
          node.operands().stream().map(value -> renumber(value, renumbered)).toList();
      List<Value> results =
          node.results().stream().map(value -> renumber(value, renumbered)).toList();
      nodes.add(new Node(node.op(), operands, results, node.location()));
    }
    return new Body(
        parameters.stream().map(value -> renumber(value, renumbered)).toList(),
        nodes,
        body.results().stream().map(value -> renumber(value, renumbered)).toList());
  }

  private static Value renumber(Value value, Map<Integer, Value> renumbered) {
    return renumbered.computeIfAbsent(
        value.id(), unused -> new Value(renumbered.size(), value.type()));
  }
}
