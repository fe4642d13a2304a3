package dev.dlm.dsl.elaborate;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Concat;
import dev.dlm.op.array.Iota;
import dev.dlm.op.array.Pad;
import dev.dlm.op.array.Reshape;
import dev.dlm.op.array.Slice;
import dev.dlm.op.array.Transpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Functions that make and rearrange elements. */
final class ArrayPrimitives {
  private ArrayPrimitives() {}

  static void define() {
    Primitives.define("full", "shape, value, dtype?", ArrayPrimitives::full);
    Primitives.define("iota", "count, dtype?", ArrayPrimitives::iota);
    Primitives.define("reshape", "x, shape", ArrayPrimitives::reshape);
    Primitives.define("broadcast", "x, shape", ArrayPrimitives::broadcast);
    Primitives.define("transpose", "x, axes?", ArrayPrimitives::transpose);
    Primitives.define("concat", "parts, axis?", ArrayPrimitives::concat);
    Primitives.define("split", "x, parts, axis?", ArrayPrimitives::split);
    Primitives.define("pad", "x, low, high, value?", ArrayPrimitives::pad);
  }

  private static Meaning full(PrimitiveCall call) {
    Shape shape = call.shape("shape");
    DType dtype = call.dtype("dtype", DType.F32);
    Value value = call.tensor("value", Optional.of(dtype));
    if (value.rank() != 0) {
      throw call.wrong("value", "a number");
    }
    return call.make(() -> call.body().broadcastTo(call.body().cast(value, dtype), shape));
  }

  private static Meaning iota(PrimitiveCall call) {
    if (!(call.meaning("count") instanceof Meaning.Size count)) {
      throw call.wrong("count", "a size");
    }
    TensorType type = TensorType.of(call.dtype("dtype", DType.I32), count.dim());
    return call.make(() -> call.body().one(new Iota(type, 0)));
  }

  private static Meaning reshape(PrimitiveCall call) {
    Value x = call.tensor("x");
    List<Dim> dims = new ArrayList<>(call.dims("shape"));
    int open = dims.indexOf(Dim.of(-1));
    if (open >= 0) {
      dims.set(open, Dim.ONE);
      Optional<Dim> rest = x.shape().count().dividedExactlyBy(new Shape(dims).count());
      if (rest.isEmpty()) {
        throw call.problem("shape-mismatch", x.type() + " has no whole number of elements for -1");
      }
      dims.set(open, rest.get());
    }
    if (neverEqual(x.shape().count(), new Shape(dims).count())) {
      throw call.problem(
          "shape-mismatch", x.type() + " has another number of elements than " + dims);
    }
    return call.make(() -> call.body().one(new Reshape(new Shape(dims)), x));
  }

  /**
   * Whether two counts are the same symbols times different numbers, equal only where both are 0.
   */
  private static boolean neverEqual(Dim a, Dim b) {
    return a.terms().size() == 1
        && b.terms().size() == 1
        && a.terms().getFirst().factors().equals(b.terms().getFirst().factors())
        && a.terms().getFirst().coefficient() != b.terms().getFirst().coefficient();
  }

  private static Meaning broadcast(PrimitiveCall call) {
    Value x = call.tensor("x");
    Shape shape = call.shape("shape");
    Optional<Shape> common = Shape.broadcast(x.shape(), shape);
    if (common.isEmpty() || !common.get().equals(shape)) {
      throw call.problem("shape-mismatch", x.type() + " does not broadcast to " + shape);
    }
    return call.make(() -> call.body().broadcastTo(x, shape));
  }

  private static Meaning transpose(PrimitiveCall call) {
    Value x = call.tensor("x");
    List<Integer> axes = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    if (call.has("axes")) {
      axes = call.list("axes").stream().map(axis -> axisOf(call, axis, x)).toList();
    } else if (x.rank() < 2) {
      throw call.problem("shape-mismatch", "takes a matrix, not " + x.type());
    } else {
      Collections.swap(axes, x.rank() - 2, x.rank() - 1);
    }
    Transpose op = new Transpose(axes);
    return call.make(() -> call.body().one(op, x));
  }

  private static int axisOf(PrimitiveCall call, Meaning axis, Value x) {
    if (axis instanceof Meaning.Size size && size.dim().isConstant()) {
      long number = size.dim().asLong();
      return (int) (number < 0 ? number + x.rank() : number);
    }
    throw call.wrong("axes", "a list of ints");
  }

  private static Meaning concat(PrimitiveCall call) {
    List<Value> parts = call.tensorList("parts");
    if (parts.isEmpty()) {
      throw call.problem("shape-mismatch", "takes at least one tensor");
    }
    int axis = call.axis("axis", parts.getFirst().rank(), -1);
    return call.make(() -> call.body().apply(new Concat(axis), parts).getFirst());
  }

  private static Meaning split(PrimitiveCall call) {
    Value x = call.tensor("x");
    int axis = call.axis("axis", x.rank(), -1);
    long parts = call.integer("parts");
    Optional<Dim> size = parts < 1 ? Optional.empty() : x.dim(axis).dividedExactlyBy(Dim.of(parts));
    if (size.isEmpty()) {
      throw call.problem(
          "shape-mismatch", x.dim(axis) + " does not divide into " + parts + " parts");
    }
    List<Meaning> results = new ArrayList<>();
    for (long part = 0; part < parts; part++) {
      List<Dim> starts = new ArrayList<>(Collections.nCopies(x.rank(), Dim.ZERO));
      List<Dim> limits = new ArrayList<>(x.shape().dims());
      starts.set(axis, size.get().times(part));
      limits.set(axis, size.get().times(part + 1));
      Slice slice = new Slice(starts, limits, Collections.nCopies(x.rank(), 1L));
      results.add(call.make(() -> call.body().one(slice, x)));
    }
    return new Meaning.Sequence(results);
  }

  private static Meaning pad(PrimitiveCall call) {
    Value x = call.tensor("x");
    List<Dim> low = call.dims("low");
    List<Dim> high = call.dims("high");
    Value value =
        call.has("value")
            ? call.tensor("value", Optional.of(x.dtype()))
            : call.body().scalar(x.dtype(), 0);
    Pad op = new Pad(low, high, Collections.nCopies(low.size(), 0L));
    return call.make(() -> call.body().one(op, x, value));
  }
}
