package dev.dlm.dsl.elaborate;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.op.array.Reduce;
import java.util.ArrayList;
import java.util.List;

/** Functions that reduce axes. */
final class ReductionPrimitives {
  private ReductionPrimitives() {}

  static void define() {
    reduction("sum", Reduce.Kind.SUM);
    Primitives.define("product", "x, axis?, keep?", ReductionPrimitives::product);
    reduction("max", Reduce.Kind.MAX);
    reduction("min", Reduce.Kind.MIN);
    reduction("any", Reduce.Kind.ANY);
    reduction("all", Reduce.Kind.ALL);
    Primitives.define("count", "x, axis?", ReductionPrimitives::count);
    Primitives.define("argmax", "x, axis?", call -> argReduce(call, ArgReduce.Kind.MAX));
    Primitives.define("argmin", "x, axis?", call -> argReduce(call, ArgReduce.Kind.MIN));
  }

  private static void reduction(String name, Reduce.Kind kind) {
    Primitives.define(name, "x, axis?, keep?", call -> reduce(call, kind));
  }

  private static Meaning reduce(PrimitiveCall call, Reduce.Kind kind) {
    Value x = call.tensor("x");
    List<Integer> axes = call.axes("axis", x.rank());
    boolean keep = call.truth("keep", false);
    return call.make(() -> {
      Value reduced = call.body().one(new Reduce(kind, axes), x);
      return keep ? call.body().reshape(reduced, kept(x, axes)) : reduced;
    });
  }

  /** Of a tensor's elements, or of a list of sizes. */
  private static Meaning product(PrimitiveCall call) {
    if (call.meaning("x") instanceof Meaning.Tensor) {
      return reduce(call, Reduce.Kind.PRODUCT);
    }
    Dim product = Dim.ONE;
    for (Dim dim : call.dims("x")) {
      product = product.times(dim);
    }
    return new Meaning.Size(product);
  }

  /** The shape of {@code x} with size 1 along the given axes. */
  private static Shape kept(Value x, List<Integer> axes) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    axes.forEach(axis -> dims.set(axis, Dim.ONE));
    return new Shape(dims);
  }

  private static Meaning count(PrimitiveCall call) {
    Value x = call.tensor("x");
    Dim count = Dim.ONE;
    for (int axis : call.axes("axis", x.rank())) {
      count = count.times(x.dim(axis));
    }
    return new Meaning.Size(count);
  }

  private static Meaning argReduce(PrimitiveCall call, ArgReduce.Kind kind) {
    Value x = call.tensor("x");
    int axis = call.axis("axis", x.rank(), -1);
    return call.make(() -> call.body().one(new ArgReduce(kind, axis), x));
  }
}
