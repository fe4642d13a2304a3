package dev.dlm.ir;

import java.util.List;

/**
 * A pure function in static single assignment form: parameters, nodes in an order in which every
 * operand stands before its use, and results. Signatures have one; ops with sub-graphs hold one.
 * Immutable; made by {@link BodyBuilder}.
 */
public record Body(List<Value> parameters, List<Node> nodes, List<Value> results) {
  public Body {
    parameters = List.copyOf(parameters);
    nodes = List.copyOf(nodes);
    results = List.copyOf(results);
  }

  /** The operations on scalars that all nodes take together. */
  public Dim operations() {
    return Dim.sum(nodes.stream().map(Node::operations).toList());
  }

  /** The number of values: parameters and all results of nodes. */
  public int countValues() {
    int count = parameters.size();
    for (Node node : nodes) {
      count += node.results().size();
    }
    return count;
  }
}
