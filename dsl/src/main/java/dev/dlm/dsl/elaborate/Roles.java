package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Value;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a model declares: its inputs, outputs, losses and metrics, in order. */
final class Roles {
  /** A declared value and its documentation. */
  record Declared(Value value, String documentation, Location location) {}

  private final Map<String, Declared> inputs = new LinkedHashMap<>();
  private final Map<String, Declared> outputs = new LinkedHashMap<>();
  private final Map<String, Declared> losses = new LinkedHashMap<>();
  private final Map<String, Declared> metrics = new LinkedHashMap<>();

  Map<String, Declared> inputs() {
    return inputs;
  }

  Map<String, Declared> outputs() {
    return outputs;
  }

  Map<String, Declared> losses() {
    return losses;
  }

  Map<String, Declared> metrics() {
    return metrics;
  }

  /** Where {@code name} has a role already. */
  java.util.Optional<Location> locationOf(String name) {
    for (Map<String, Declared> declared : java.util.List.of(inputs, outputs, losses, metrics)) {
      Declared found = declared.get(name);
      if (found != null) {
        return java.util.Optional.of(found.location());
      }
    }
    return java.util.Optional.empty();
  }
}
