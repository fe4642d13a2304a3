package dev.dlm.dsl.elaborate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The functions that the language itself brings; the library is written over them. */
final class Primitives {
  private static final Map<String, Meaning.Primitive> ALL = new TreeMap<>();

  static {
    ElementwisePrimitives.define();
    ArrayPrimitives.define();
    IndexingPrimitives.define();
    ReductionPrimitives.define();
    WindowPrimitives.define();
    ConstructionPrimitives.define();
    GraphPrimitives.define();
    RegisteredOps.define();
    SequencePrimitives.define();
  }

  private Primitives() {}

  /**
   * Adds a function.
   *
   * @param parameters names separated by commas; those that may be left out end in {@code ?}
   */
  static void define(String name, String parameters, Function<PrimitiveCall, Meaning> function) {
    List<String> names = List.of(parameters.split(", "));
    ALL.put(name, new Meaning.Primitive(name, call -> function.apply(call.bind(names))));
  }

  /** Adds a function that looks at its arguments itself. */
  static void defineUnbound(String name, PrimitiveFunction function) {
    ALL.put(name, new Meaning.Primitive(name, function));
  }

  static Optional<Meaning.Primitive> find(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static Set<String> names() {
    return ALL.keySet();
  }
}
