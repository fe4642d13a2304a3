package dev.dlm.proto;

import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers locations in the order of their first use; 0 is the unknown one. */
final class LocationEncoder {
  private final Map<Location, Integer> numbers = new HashMap<>();
  private final List<GraphMessages.Location> table = new ArrayList<>();

  /** The number of a location. */
  int number(Location location) {
    if (location instanceof Location.Unknown) {
      return 0;
    }
    Integer known = numbers.get(location);
    if (known != null) {
      return known;
    }
    table.add(message(location));
    numbers.put(location, table.size());
    return table.size();
  }

  List<GraphMessages.Location> table() {
    return table;
  }

  private GraphMessages.Location message(Location location) {
    GraphMessages.Location.Builder message = GraphMessages.Location.newBuilder();
    switch (location) {
      case Location.Unknown _ -> {}
      case Location.Source source ->
          message
              .getSourceBuilder()
              .setFile(source.file())
              .setLine(source.line())
              .setColumn(source.column())
              .setEndLine(source.endLine())
              .setEndColumn(source.endColumn());
      case Location.Called called ->
          message
              .getCalledBuilder()
              .setCallee(number(called.callee()))
              .setName(called.name())
              .setCaller(number(called.caller()));
      case Location.Fused fused ->
          message.getFusedBuilder().addAllParts(fused.parts().stream().map(this::number).toList());
      case Location.Derived derived ->
          message
              .getDerivedBuilder()
              .setRelation(derived.relation())
              .setOrigin(number(derived.origin()));
    }
    return message.build();
  }
}
