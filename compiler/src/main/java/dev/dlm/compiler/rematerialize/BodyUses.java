package dev.dlm.compiler.rematerialize;

import dev.dlm.compiler.fuse.BodyValues;
import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Reshape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Where the values of a body are used, looking through nodes that cost nothing: a value that is
 * reshaped early and read late is used late. Immutable.
 */
final class BodyUses {
  private final Body body;
  private final BodyValues values;
  private final Set<Value> stored;
  private final List<Value> storedInOrder;
  private final ToLongFunction<Dim> size;
  private final Map<Value, TreeSet<Integer>> uses = new HashMap<>();
  private final Map<Value, Integer> indexOf = new HashMap<>();
  private final Set<Value> needed = new HashSet<>();

  /**
   * Looks at a body.
   *
   * @param stored the values that have bytes of their own
   */
  BodyUses(Body body, List<Value> stored, ToLongFunction<Dim> size) {
    this.body = body;
    this.values = new BodyValues(body);
    this.storedInOrder = List.copyOf(stored);
    this.stored = new HashSet<>(stored);
    this.size = size;
    for (int index = 0; index < body.nodes().size(); index++) {
      for (Value result : body.nodes().get(index).results()) {
        indexOf.put(result, index);
      }
    }
    for (int index = body.nodes().size() - 1; index >= 0; index--) {
      Node node = body.nodes().get(index);
      for (Value operand : node.operands()) {
        TreeSet<Integer> of = uses.computeIfAbsent(operand, unused -> new TreeSet<>());
        if (isTransparent(node)) {
          of.addAll(usesOf(node.result()));
        } else {
          of.add(index);
        }
      }
    }
    for (Value result : body.results()) {
      markNeeded(result);
    }
  }

  private void markNeeded(Value result) {
    List<Value> open = new ArrayList<>(List.of(result));
    while (!open.isEmpty()) {
      Value value = open.removeLast();
      needed.add(value);
      values.producer(value).filter(this::isTransparent).ifPresent(n -> open.addAll(n.operands()));
    }
  }

  Body body() {
    return body;
  }

  /** The values that have bytes of their own, in the order of their making. */
  List<Value> stored() {
    return storedInOrder;
  }

  boolean isStored(Value value) {
    return stored.contains(value);
  }

  /** Whether a value is a result of the body, so that it is kept to the end. */
  boolean isKept(Value value) {
    return needed.contains(value);
  }

  /** Whether a node costs nothing: it only says where elements are. */
  boolean isTransparent(Node node) {
    return node.op() instanceof Reshape || values.isFree(node);
  }

  /** Where nodes that compute something read the value, as indices of nodes. */
  TreeSet<Integer> usesOf(Value value) {
    return uses.getOrDefault(value, new TreeSet<>());
  }

  /** The index of the node that makes a value; −1 for a parameter. */
  int indexOf(Value value) {
    return indexOf.getOrDefault(value, -1);
  }

  long size(Dim dim) {
    return size.applyAsLong(dim);
  }
}
