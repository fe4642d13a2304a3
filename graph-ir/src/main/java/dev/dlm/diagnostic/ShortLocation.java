package dev.dlm.diagnostic;

import java.util.ArrayList;
import java.util.List;

/** Locations in short: the user's own lines, without the chains of calls behind them. */
public final class ShortLocation {
  private static final int MAX_LINES = 3;

  private ShortLocation() {}

  /** A part of a location: what it has to do with a place in a file. */
  private record Part(String relation, Location.Source source) {
    String text() {
      return relation + source.file() + ":" + source.line() + ":" + source.column();
    }
  }

  /** The lines that a step or node came from, the first ones of many. */
  public static String of(Location location) {
    List<String> lines = parts(location).stream().map(Part::text).distinct().toList();
    List<String> first = lines.stream().limit(MAX_LINES).toList();
    return String.join(", ", first) + (lines.size() > MAX_LINES ? ", …" : "");
  }

  /** The places that a step or node came from, also as the gradient of them, each once. */
  public static List<Location.Source> sources(Location location) {
    return parts(location).stream().map(Part::source).distinct().toList();
  }

  private static List<Part> parts(Location location) {
    List<Part> parts = new ArrayList<>();
    collect(location, "", parts);
    return parts;
  }

  private static void collect(Location location, String relation, List<Part> parts) {
    switch (location) {
      case Location.Unknown _ -> {}
      case Location.Source source -> parts.add(new Part(relation, source));
      case Location.Called _ ->
          location.source().ifPresent(source -> collect(source, relation, parts));
      case Location.Fused fused -> fused.parts().forEach(part -> collect(part, relation, parts));
      case Location.Derived(String kind, Location origin) ->
          collect(origin, relation.isEmpty() ? kind + " " : relation, parts);
    }
  }
}
