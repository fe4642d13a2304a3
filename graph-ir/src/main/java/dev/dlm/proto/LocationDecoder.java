package dev.dlm.proto;

import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;

/** The locations that numbers refer to. */
final class LocationDecoder {
  /** A location may not be larger when all its parts are written out, nor deeper. */
  private static final long MAX_SIZE = 100_000;

  private static final int MAX_DEPTH = 1000;

  private final List<Location> locations = new ArrayList<>();
  private final List<Long> sizes = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();

  LocationDecoder(List<GraphMessages.Location> table) {
    add(Location.UNKNOWN, List.of());
    for (GraphMessages.Location message : table) {
      switch (message.getKindCase()) {
        case SOURCE -> add(source(message.getSource()), List.of());
        case CALLED -> {
          GraphMessages.Location.Called called = message.getCalled();
          add(
              new Location.Called(at(called.getCallee()), called.getName(), at(called.getCaller())),
              List.of(called.getCallee(), called.getCaller()));
        }
        case FUSED -> {
          List<Integer> parts = message.getFused().getPartsList();
          List<Location> fused = new ArrayList<>();
          for (int part : parts) {
            fused.add(at(part));
          }
          add(new Location.Fused(fused), parts);
        }
        case DERIVED -> {
          GraphMessages.Location.Derived derived = message.getDerived();
          add(
              new Location.Derived(derived.getRelation(), at(derived.getOrigin())),
              List.of(derived.getOrigin()));
        }
        case KIND_NOT_SET -> throw Malformed.failure("a location of no kind");
      }
    }
  }

  private static Location source(GraphMessages.Location.Source source) {
    return new Location.Source(
        source.getFile(),
        source.getLine(),
        source.getColumn(),
        source.getEndLine(),
        source.getEndColumn());
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
