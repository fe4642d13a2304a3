package dev.dlm.dsl.elaborate;

import java.util.HashMap;
import java.util.Map;

/**
 * What weights and layers are named under: a path, and the names given out below it. Names depend
 * on the order of making below this owner alone, so that edits elsewhere do not change them.
 */
final class Owner {
  private final String path;
  private final Map<String, Integer> given;

  private Owner(String path, Map<String, Integer> given) {
    this.path = path;
    this.given = given;
  }

  static Owner root() {
    return new Owner("", new HashMap<>());
  }

  /** The path; empty for the model itself. */
  String path() {
    return path;
  }

  /** The path of something directly below. */
  String pathOf(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** A new owner below this one: {@code name}, or {@code name_2} and so on where it is taken. */
  Owner below(String name) {
    int count = given.merge(name, 1, Integer::sum);
    if (count == 1) {
      return new Owner(pathOf(name), new HashMap<>());
    }
    return below(name + "_" + count);
  }

  /** Whether {@code name} is taken below. */
  boolean isTaken(String name) {
    return given.containsKey(name);
  }

  /** This owner for one more application: the same names are given out again. */
  Owner again() {
    return new Owner(path, new HashMap<>(given));
  }
}
