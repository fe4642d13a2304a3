package dev.dlm.compiler.pass;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rebuilds a body node by node. The caller walks the nodes of the original in order and, for each,
 * either copies it or names values that take the place of its results. Equal nodes become one; the
 * one keeps the places of all of them, except where it has no operands: the place of a shared
 * number says nothing. Used by one thread.
 */
public final class BodyRewriter {
  private final Body original;
  private final BodyBuilder builder = new BodyBuilder();
  private final Map<Integer, Value> replacements = new HashMap<>();
  private final Map<Integer, List<Location>> furtherPlaces = new HashMap<>();

  /** Begins a body with the parameters of the original and no nodes. */
  public BodyRewriter(Body original) {
    this.original = original;
    original
        .parameters()
        .forEach(parameter -> replace(parameter, builder.parameter(parameter.type())));
  }

  /** The builder of the new nodes. */
  public BodyBuilder builder() {
    return builder;
  }

  /** What stands in the new body for a value of the original. */
  public Value replacementOf(Value value) {
    Value replacement = replacements.get(value.id());
    if (replacement == null) {
      throw new InternalException("value " + value + " is used before it is defined");
    }
    return replacement;
  }

  /** What stands in the new body for values of the original. */
  public List<Value> replacementsOf(List<Value> values) {
    return values.stream().map(this::replacementOf).toList();
  }

  /** Names the value of the new body that stands for a value of the original. */
  public void replace(Value value, Value replacement) {
    replacements.put(value.id(), replacement);
  }

  /**
   * Adds the node with its operands replaced.
   *
   * @return the new results, which now stand for the original ones
   */
  public List<Value> copy(Node node) {
    List<Value> results =
        builder.at(node.location()).apply(node.op(), replacementsOf(node.operands()));
    if (!node.operands().isEmpty()) {
      addPlace(results.get(0), node.location());
    }
    for (int i = 0; i < results.size(); i++) {
      replace(node.results().get(i), results.get(i));
    }
    return results;
  }

  /** Notes that the node that makes a value also comes from the given place. */
  public void addPlace(Value value, Location place) {
    boolean known = builder.producer(value).map(node -> node.location().equals(place)).orElse(true);
    if (!known) {
      furtherPlaces.computeIfAbsent(value.id(), unused -> new ArrayList<>()).add(place);
    }
  }

  /** The new body, with the values that stand for the original's results as its results. */
  public Body finish() {
    // The parameters were made first, so that building does not renumber.
    Body body = builder.build(replacementsOf(original.results()));
    if (furtherPlaces.isEmpty()) {
      return body;
    }
    List<Node> nodes = new ArrayList<>(body.nodes().size());
    for (Node node : body.nodes()) {
      List<Location> places = furtherPlaces.get(node.result().id());
      if (places == null) {
        nodes.add(node);
      } else {
        places.add(0, node.location());
        nodes.add(new Node(node.op(), node.operands(), node.results(), Location.fuse(places)));
      }
    }
    return new Body(body.parameters(), nodes, body.results());
  }
}
