package dev.dlm.compiler.control;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which values of a body stand for the values of another one. */
final class ValueMap {
  private final Map<Integer, Value> byId = new HashMap<>();

  /** Notes what stands for a value, unless something does already. */
  void put(Value value, Value replacement) {
    byId.putIfAbsent(value.id(), replacement);
  }

  /** Notes what stands for values, one by one, unless something does already. */
  void put(List<Value> values, List<Value> replacements) {
    for (int i = 0; i < values.size(); i++) {
      put(values.get(i), replacements.get(i));
    }
  }

  /** What stands for a value. */
  Value of(Value value) {
    Value found = byId.get(value.id());
    if (found == null) {
      throw new InternalException("nothing stands for " + value);
    }
    return found;
  }

  /** What stands for values. */
  List<Value> of(List<Value> values) {
    return values.stream().map(this::of).toList();
  }
}
