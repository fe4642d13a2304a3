package dev.dlm.proto;

import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;

/** The locations that numbers refer to. */
final class LocationDecoder {
  /** A location may not be larger when all its parts are written out, nor deeper. */
  private static final long MAX_SIZE = 100_000;

  private static final int MAX_DEPTH = 1000;

  private static final int[] KINDS = {
    WireMessage.delimited(GraphMessages.Location.SOURCE_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.Location.CALLED_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.Location.FUSED_FIELD_NUMBER),
    WireMessage.delimited(GraphMessages.Location.DERIVED_FIELD_NUMBER)
  };

  private final List<Location> locations = new ArrayList<>();
  private final List<Long> sizes = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();

  LocationDecoder(List<WireMessage> table) {
    add(Location.UNKNOWN, List.of());
    for (WireMessage message : table) {
      int kind = message.lastOf(KINDS);
      switch (kind) {
        case GraphMessages.Location.SOURCE_FIELD_NUMBER ->
            add(source(message.message(kind)), List.of());
        case GraphMessages.Location.CALLED_FIELD_NUMBER -> addCalled(message.message(kind));
        case GraphMessages.Location.FUSED_FIELD_NUMBER -> addFused(message.message(kind));
        case GraphMessages.Location.DERIVED_FIELD_NUMBER -> addDerived(message.message(kind));
        default -> throw Malformed.failure("a location of no kind");
      }
    }
  }

  private static Location source(WireMessage source) {
    return new Location.Source(
        source.string(GraphMessages.Location.Source.FILE_FIELD_NUMBER),
        source.sint32(GraphMessages.Location.Source.LINE_FIELD_NUMBER),
        source.sint32(GraphMessages.Location.Source.COLUMN_FIELD_NUMBER),
        source.sint32(GraphMessages.Location.Source.END_LINE_FIELD_NUMBER),
        source.sint32(GraphMessages.Location.Source.END_COLUMN_FIELD_NUMBER));
  }

  private void addCalled(WireMessage called) {
    int callee = called.uint32(GraphMessages.Location.Called.CALLEE_FIELD_NUMBER);
    int caller = called.uint32(GraphMessages.Location.Called.CALLER_FIELD_NUMBER);
    String name = called.string(GraphMessages.Location.Called.NAME_FIELD_NUMBER);
    add(new Location.Called(at(callee), name, at(caller)), List.of(callee, caller));
  }

  private void addFused(WireMessage fused) {
    List<Integer> parts = fused.uint32s(GraphMessages.Location.Fused.PARTS_FIELD_NUMBER);
    List<Location> locationsOfParts = new ArrayList<>();
    for (int part : parts) {
      locationsOfParts.add(at(part));
    }
    add(new Location.Fused(locationsOfParts), parts);
  }

  private void addDerived(WireMessage derived) {
    int origin = derived.uint32(GraphMessages.Location.Derived.ORIGIN_FIELD_NUMBER);
    String relation = derived.string(GraphMessages.Location.Derived.RELATION_FIELD_NUMBER);
    add(new Location.Derived(relation, at(origin)), List.of(origin));
  }

  private void add(Location location, List<Integer> parts) {
    long size = 1;
    int depth = 1;
    for (int part : parts) {
      size += sizes.get(part);
      depth = Math.max(depth, depths.get(part) + 1);
    }
    if (size > MAX_SIZE || depth > MAX_DEPTH) {
      throw Malformed.failure("a location has too many parts");
    }
    locations.add(location);
    sizes.add(size);
    depths.add(depth);
  }

  /** The location of a number. */
  Location at(int number) {
    return locations.get(Malformed.index(number, locations.size(), "location"));
  }
}
