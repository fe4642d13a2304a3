package dev.dlm.cli.show;

import dev.dlm.diagnostic.Location;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Locations in short: the user's own lines, without the chains of calls behind them. */
final class Place {
  private static final int MAX_LINES = 3;

  private Place() {}

  /** The lines that a step or node came from, the first ones of many. */
  static String of(Location location) {
    Set<String> lines = new LinkedHashSet<>();
    collect(location, "", lines);
    List<String> first = lines.stream().limit(MAX_LINES).toList();
    return String.join(", ", first) + (lines.size() > MAX_LINES ? ", …" : "");
  }

  private static void collect(Location location, String relation, Set<String> lines) {
    switch (location) {
      case Location.Unknown _ -> {}
      case Location.Source source ->
          lines.add(relation + source.file() + ":" + source.line() + ":" + source.column());
      case Location.Called _ ->
          location.source().ifPresent(source -> collect(source, relation, lines));
      case Location.Fused fused -> fused.parts().forEach(part -> collect(part, relation, lines));
      case Location.Derived(String kind, Location origin) ->
          collect(origin, relation.isEmpty() ? kind + " " : relation, lines);
    }
  }
}
