package dev.dlm.dsl.elaborate;

import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Functions on construction values. */
final class ConstructionPrimitives {
  private static final long MAXIMUM_COUNT = 1_000_000;

  private ConstructionPrimitives() {}

  static void define() {
    Primitives.define("length", "list", call -> Meaning.Size.of(call.list("list").size()));
    Primitives.define("repeated", "value, count", ConstructionPrimitives::repeated);
    Primitives.define("range", "count", ConstructionPrimitives::range);
    Primitives.define("float", "x", ConstructionPrimitives::asFloat);
    Primitives.define(
        "is_tensor", "x", call -> new Meaning.Truth(call.meaning("x") instanceof Meaning.Tensor));
  }

  /** A list of {@code count} times the value; a list of that length stays as it is. */
  private static Meaning repeated(PrimitiveCall call) {
    long count = call.integer("count");
    if (count < 0 || count > MAXIMUM_COUNT) {
      throw call.wrong("count", "a number of elements");
    }
    if (call.meaning("value") instanceof Meaning.Sequence sequence) {
      if (sequence.elements().size() != count) {
        throw call.wrong("value", "one value or a list of " + count);
      }
      return sequence;
    }
    List<Meaning> copies = Collections.nCopies((int) count, call.meaning("value"));
    return new Meaning.Sequence(copies);
  }

  /** 0, 1, … up to {@code count} - 1. */
  private static Meaning range(PrimitiveCall call) {
    long count = call.integer("count");
    if (count < 0 || count > MAXIMUM_COUNT) {
      throw call.wrong("count", "a number of elements");
    }
    return new Meaning.Sequence(
        LongStream.range(0, count).<Meaning>mapToObj(Meaning.Size::of).toList());
  }

  private static Meaning asFloat(PrimitiveCall call) {
    return ElementwisePrimitives.number(call.meaning("x"))
        .<Meaning>map(Meaning.Real::new)
        .orElseThrow(() -> call.wrong("x", "a number known before anything runs"));
  }
}
