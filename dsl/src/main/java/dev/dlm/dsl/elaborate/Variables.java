package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Span;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The variables of a model, found while its code runs, and what gives them their first values. */
final class Variables {
  /**
   * A variable and its initializer.
   *
   * @param initializer the instance of an initializer
   * @param frame the code in which the declaration stands, for messages about the initializer
   * @param span where the initializer stands
   */
  record Entry(Variable variable, Meaning.Instance initializer, Frame frame, Span span) {}

  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Variable> streams = new LinkedHashMap<>();

  Optional<Variable> find(String path) {
    return Optional.ofNullable(entries.get(path))
        .map(Entry::variable)
        .or(() -> Optional.ofNullable(streams.get(path)));
  }

  void add(Variable variable, Meaning.Instance initializer, Frame frame, Span span) {
    entries.put(variable.name(), new Entry(variable, initializer, frame, span));
  }

  /** Adds a variable of a stream, which is zeros at first. */
  void addStream(Variable variable) {
    streams.put(variable.name(), variable);
  }

  List<Variable> streams() {
    return List.copyOf(streams.values());
  }

  /** The variables that an initializer gives their first values. */
  List<Entry> initialized() {
    return List.copyOf(entries.values());
  }

  /** The weights at or below {@code path}; all of them for the empty path. */
  List<Variable> weightsBelow(String path) {
    List<Variable> weights = new ArrayList<>();
    for (Entry entry : entries.values()) {
      Variable variable = entry.variable();
      boolean below =
          path.isEmpty() || variable.name().equals(path) || variable.name().startsWith(path + ".");
      if (below && variable.role() == Variable.Role.WEIGHT) {
        weights.add(variable);
      }
    }
    return weights;
  }
}
