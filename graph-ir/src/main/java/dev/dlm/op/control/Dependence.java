package dev.dlm.op.control;

import dev.dlm.ir.Body;
import dev.dlm.ir.Node;
import dev.dlm.ir.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Which values of a body depend, through floating-point values, on some of its parameters. */
final class Dependence {
  private final Set<Integer> dependent = new HashSet<>();

  /**
   * Finds them.
   *
   * @param isSource whether a parameter, by its place, is one of those
   */
  Dependence(Body body, IntPredicate isSource) {
    List<Value> parameters = body.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      if (isSource.test(i)) {
        add(parameters.get(i));
      }
    }
    for (Node node : body.nodes()) {
      if (node.operands().stream().anyMatch(this::includes)) {
        node.results().forEach(this::add);
      }
    }
  }

  private void add(Value value) {
    if (value.dtype().isFloat()) {
      dependent.add(value.id());
    }
  }

  boolean includes(Value value) {
    return dependent.contains(value.id());
  }
}
