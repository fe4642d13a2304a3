package dev.dlm.diagnostic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a node, type or mistake comes from. Locations survive every rewrite: passes combine the
 * locations of the nodes that they replace with {@link #fuse}, and differentiation wraps them in
 * {@link Derived}. Immutable.
 */
public sealed interface Location {

  /** No place is known, for example for a graph built by generated code. */
  record Unknown() implements Location {
    @Override
    public String toString() {
      return "unknown";
    }
  }

  /**
   * A range of characters in a text file. Lines and columns count from one; the end column is
   * exclusive.
   *
   * @param file the file as the user named it
   */
  record Source(String file, int line, int column, int endLine, int endColumn) implements Location {
    /** A place of one character. */
    public static Source at(String file, int line, int column) {
      return new Source(file, line, column, line, column + 1);
    }

    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /**
   * A place inside a layer or function that was reached through a call.
   *
   * @param callee where the code stands
   * @param name the layer instance or function that was called, for example {@code nn.Dense}
   * @param caller where it was called; itself a {@code Called} for deeper chains
   */
  record Called(Location callee, String name, Location caller) implements Location {
    @Override
    public String toString() {
      return callee + " in " + name + " at " + caller;
    }
  }

  /** Several places that together produced one node. */
  record Fused(List<Location> parts) implements Location {
    public Fused {
      parts = List.copyOf(parts);
    }

    @Override
    public String toString() {
      return String.join(", ", parts.stream().map(Location::toString).toList());
    }
  }

  /**
   * A node that a transformation made from another one.
   *
   * @param relation how it follows from its origin, for example {@code gradient of}
   */
  record Derived(String relation, Location origin) implements Location {
    @Override
    public String toString() {
      return relation + " " + origin;
    }
  }

  /** The location of which nothing is known. */
  Location UNKNOWN = new Unknown();

  /** The union of the given locations in first-seen order, without unknown ones and repetitions. */
  static Location fuse(List<Location> locations) {
    Set<Location> parts = new LinkedHashSet<>();
    for (Location location : locations) {
      switch (location) {
        case Unknown _ -> {}
        case Fused fused -> parts.addAll(fused.parts());
        case Source _, Called _, Derived _ -> parts.add(location);
      }
    }
    if (parts.isEmpty()) {
      return UNKNOWN;
    }
    return parts.size() == 1 ? parts.iterator().next() : new Fused(new ArrayList<>(parts));
  }

  /**
   * The place in the user's own text that best stands for this location: the outermost caller of a
   * call chain, the first part of a fused location. Empty when none is known.
   */
  default Optional<Source> source() {
    return switch (this) {
      case Unknown _ -> Optional.empty();
      case Source source -> Optional.of(source);
      case Called called -> {
        Optional<Source> outer = called.caller().source();
        yield outer.isPresent() ? outer : called.callee().source();
      }
      case Derived derived -> derived.origin().source();
      case Fused fused ->
          fused.parts().stream().map(Location::source).flatMap(Optional::stream).findFirst();
    };
  }
}
