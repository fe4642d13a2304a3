package dev.dlm.dsl.elaborate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The names that a piece of code has bound, and the scope around it. */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Meaning> meanings = new LinkedHashMap<>();

  Scope() {
    this.outer = Optional.empty();
  }

  Scope(Scope outer) {
    this.outer = Optional.of(outer);
  }

  /** Binds {@code name}; a later binding takes the place of an earlier one. */
  void bind(String name, Meaning meaning) {
    meanings.put(name, meaning);
  }

  void unbind(String name) {
    meanings.remove(name);
  }

  /** What {@code name} is bound to here or further out. */
  Optional<Meaning> find(String name) {
    Meaning meaning = meanings.get(name);
    if (meaning != null) {
      return Optional.of(meaning);
    }
    return outer.flatMap(scope -> scope.find(name));
  }

  /** What {@code name} is bound to in this very scope. */
  Optional<Meaning> findHere(String name) {
    return Optional.ofNullable(meanings.get(name));
  }

  /** All names bound here and further out, sorted. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(meanings.keySet());
    outer.ifPresent(scope -> names.addAll(scope.names()));
    return names;
  }
}
