package dev.dlm.text;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.AttributeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the parts that graphs are made of: types, sizes, constants and locations. */
final class TextParts {
  private static final int MAX_RANK = 64;
  private static final int MAX_LOCATION_DEPTH = 1000;

  private final TextScanner in;

  TextParts(TextScanner in) {
    this.in = in;
  }

  DType dtype() {
    int start = in.position();
    String word = in.word("an element type");
    return DType.parse(word)
        .orElseThrow(() ->
            in.failure(
                "graph-syntax",
                "expected an element type " + Arrays.toString(DType.values()) + ", found " + word,
                start));
  }

  Dim dim() {
    int start = in.position();
    try {
      return Dim.parse(in.size());
    } catch (IllegalArgumentException e) {
      throw in.failure("graph-syntax", String.valueOf(e.getMessage()), start);
    }
  }

  Shape shape() {
    int start = in.position();
    in.expect('[');
    List<Dim> dims = new ArrayList<>();
    while (!in.accept(']')) {
      if (!dims.isEmpty()) {
        in.expect(',');
      }
      dims.add(dim());
    }
    if (dims.size() > MAX_RANK) {
      throw in.failure("graph-syntax", "expected at most " + MAX_RANK + " sizes", start);
    }
    return new Shape(dims);
  }

  TensorType type() {
    DType dtype = dtype();
    int start = in.position();
    Shape shape = shape();
    if (shape.dims().stream().anyMatch(dim -> dim.isConstant() && dim.asLong() < 0)) {
      throw in.failure("graph-syntax", "expected sizes that are not negative", start);
    }
    return new TensorType(dtype, shape);
  }

  /** A type of known sizes and all its elements. */
  HostTensor tensor() {
    int start = in.position();
    TensorType type = type();
    if (!type.shape().isConstant()) {
      throw in.failure("graph-syntax", "expected a constant of known sizes, found " + type, start);
    }
    double[] floats = new double[0];
    long[] integers = new long[0];
    int count = 0;
    in.expect('{');
    while (!in.accept('}')) {
      if (count > 0) {
        in.expect(',');
      }
      if (in.sees('…')) {
        throw in.failure(
            "graph-syntax", "the elements were left out when this was printed", in.position());
      }
      if (type.dtype().isFloat()) {
        floats = count < floats.length ? floats : Arrays.copyOf(floats, 2 * count + 8);
        floats[count++] = in.floating(type.dtype() != DType.F64);
      } else {
        integers = count < integers.length ? integers : Arrays.copyOf(integers, 2 * count + 8);
        integers[count++] = integer(type.dtype());
      }
    }
    if (!holds(type.shape(), count)) {
      throw in.failure("graph-syntax", type + " has " + count + " elements", start);
    }
    double[] finalFloats = floats;
    long[] finalIntegers = integers;
    return type.dtype().isFloat()
        ? HostTensor.ofDoubles(type, i -> finalFloats[i])
        : HostTensor.ofLongs(type, i -> finalIntegers[i]);
  }

  private static boolean holds(Shape shape, int count) {
    try {
      return shape.count().is(count);
    } catch (ArithmeticException e) {
      // More than 64 bits are more than any count.
      return false;
    }
  }

  private long integer(DType dtype) {
    return switch (dtype) {
      case BOOL -> bool() ? 1 : 0;
      case U8 -> in.integer("an element", 0, 255);
      case I8 -> in.integer("an element", Byte.MIN_VALUE, Byte.MAX_VALUE);
      case I32 -> in.integer("an element", Integer.MIN_VALUE, Integer.MAX_VALUE);
      case I64, F64, F32, BF16, F16 -> in.integer("an element", Long.MIN_VALUE, Long.MAX_VALUE);
    };
  }

  boolean bool() {
    if (in.acceptWord("true")) {
      return true;
    }
    if (in.acceptWord("false")) {
      return false;
    }
    throw in.expected("'true' or 'false'");
  }

  <T extends Enum<?>> T constant(List<T> constants, String what) {
    int start = in.position();
    List<String> names = constants.stream().map(AttributeType::nameOf).toList();
    String found = in.word(what);
    int index = names.indexOf(found);
    if (index < 0) {
      throw in.failure(
          "graph-syntax",
          "expected " + what + " (" + String.join(", ", names) + "), found " + found,
          start);
    }
    return constants.get(index);
  }

  /** The part of a line from {@code at} on, or nothing. */
  Location trailingLocation() {
    return in.acceptWord("at") ? location(0) : Location.UNKNOWN;
  }

  private Location location(int depth) {
    if (depth > MAX_LOCATION_DEPTH) {
      throw in.failure("graph-syntax", "the location is nested too deeply", in.position());
    }
    if (in.acceptWord("unknown")) {
      return Location.UNKNOWN;
    }
    if (in.acceptWord("call")) {
      in.expect('(');
      Location callee = location(depth + 1);
      in.expect(',');
      String name = in.string("the name of what is called");
      in.expect(',');
      Location caller = location(depth + 1);
      in.expect(')');
      return new Location.Called(callee, name, caller);
    }
    if (in.acceptWord("derived")) {
      in.expect('(');
      String relation = in.string("a relation");
      in.expect(',');
      Location origin = location(depth + 1);
      in.expect(')');
      return new Location.Derived(relation, origin);
    }
    return in.acceptWord("fused") ? fused(depth) : source();
  }

  private Location fused(int depth) {
    in.expect('(');
    List<Location> parts = new ArrayList<>();
    while (!in.accept(')')) {
      if (!parts.isEmpty()) {
        in.expect(',');
      }
      parts.add(location(depth + 1));
    }
    return new Location.Fused(parts);
  }

  private Location source() {
    String file = in.string("a location: a file, call, derived, fused or unknown");
    in.expect(':');
    int line = place();
    in.expect(':');
    int column = place();
    in.expect('-');
    int endLine = place();
    in.expect(':');
    return new Location.Source(file, line, column, endLine, place());
  }

  private int place() {
    return (int) in.integer("a line or column", Integer.MIN_VALUE, Integer.MAX_VALUE);
  }
}
