package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the mistakes of a run, each once, and hands them out in source order. */
final class Problems {
  private static final int MAXIMUM = 50;

  private record Key(Location location, String code, String message) {}

  private final Map<Key, Diagnostic> found = new LinkedHashMap<>();
  private final List<String> files = new ArrayList<>();

  /** Names a file; files sort in the order of being named. */
  void file(String name) {
    files.add(name);
  }

  void report(Diagnostic diagnostic) {
    if (found.size() < MAXIMUM) {
      found.putIfAbsent(
          new Key(diagnostic.location(), diagnostic.code(), diagnostic.message()), diagnostic);
    }
  }

  void report(Problem problem) {
    problem.diagnostic().ifPresent(this::report);
  }

  boolean any() {
    return !found.isEmpty();
  }

  /** Throws what was found, if anything was. */
  void throwIfAny() {
    if (any()) {
      throw new GraphException(sorted());
    }
  }

  private List<Diagnostic> sorted() {
    List<Diagnostic> sorted = new ArrayList<>(found.values());
    sorted.sort(
        Comparator.comparingInt((Diagnostic d) -> fileOf(d.location()))
            .thenComparingInt(d -> d.location().source().map(Location.Source::line).orElse(0))
            .thenComparingInt(d -> d.location().source().map(Location.Source::column).orElse(0)));
    return sorted;
  }

  private int fileOf(Location location) {
    return location.source().map(source -> files.indexOf(source.file())).orElse(-1);
  }
}
