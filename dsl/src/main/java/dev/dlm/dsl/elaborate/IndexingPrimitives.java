package dev.dlm.dsl.elaborate;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.Value;
import dev.dlm.op.array.DynamicSlice;
import dev.dlm.op.array.DynamicUpdateSlice;
import dev.dlm.op.array.Gather;
import dev.dlm.op.array.Reverse;
import dev.dlm.op.array.Scatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Functions that find elements by tensors of indices. */
final class IndexingPrimitives {
  private IndexingPrimitives() {}

  static void define() {
    Primitives.define("take", "x, indices, axis?", IndexingPrimitives::take);
    Primitives.define("take_along", "x, indices, axis?", IndexingPrimitives::takeAlong);
    Primitives.define("dynamic_slice", "x, starts, sizes", IndexingPrimitives::dynamicSlice);
    Primitives.define("dynamic_update", "x, update, starts", IndexingPrimitives::dynamicUpdate);
    Primitives.define("reverse", "x, axis?", IndexingPrimitives::reverse);
    Primitives.define("scatter", "x, indices, updates, axis?, kind?", IndexingPrimitives::scatter);
  }

  private static Value indices(PrimitiveCall call, String parameter) {
    Value indices = call.tensor(parameter);
    if (indices.dtype() != DType.I32 && indices.dtype() != DType.I64) {
      throw call.problem(
          "dtype-mismatch",
          parameter
              + " are i32 or i64, not "
              + indices.type()
              + "; cast("
              + parameter
              + ", i32) makes them so");
    }
    return indices;
  }

  private static Meaning take(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value indices = indices(call, "indices");
    int axis = call.axis("axis", x.rank(), 0);
    return call.make(() -> {
      BodyBuilder b = call.body();
      Value found = b.one(new Gather(0, List.of(axis)), x, withTupleAxis(b, indices));
      return transposed(b, found, tuplesBehind(axis, indices.rank(), x.rank() - 1 - axis));
    });
  }

  private static Meaning takeAlong(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value indices = indices(call, "indices");
    if (x.rank() != indices.rank()) {
      throw call.problem(
          "shape-mismatch", "the ranks of " + x.type() + " and " + indices.type() + " differ");
    }
    int axis = call.axis("axis", x.rank(), -1);
    return call.make(() -> {
      BodyBuilder b = call.body();
      int batch = x.rank() - 1;
      List<Integer> axisLast = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
      axisLast.add(axisLast.remove(axis));
      Value places = withTupleAxis(b, transposed(b, indices, axisLast));
      Value found = b.one(new Gather(batch, List.of(batch)), transposed(b, x, axisLast), places);
      return transposed(b, found, inverse(axisLast));
    });
  }

  private static Meaning scatter(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value indices = indices(call, "indices");
    Value updates = call.tensor("updates", Optional.of(x.dtype()));
    int axis = call.axis("axis", x.rank(), 0);
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    dims.remove(axis);
    dims.addAll(axis, indices.shape().dims());
    Shape places = new Shape(dims);
    if (!Shape.broadcast(updates.shape(), places).equals(Optional.of(places))) {
      throw call.problem(
          "shape-mismatch",
          updates.type() + " does not broadcast to the places that the indices name, " + places);
    }
    Scatter op = new Scatter(kind(call), 0, List.of(axis));
    return call.make(() -> {
      BodyBuilder b = call.body();
      List<Integer> order = tuplesBehind(axis, indices.rank(), x.rank() - 1 - axis);
      Value ordered = transposed(b, b.broadcastTo(updates, places), inverse(order));
      return b.one(op, x, withTupleAxis(b, indices), ordered);
    });
  }

  private static Scatter.Kind kind(PrimitiveCall call) {
    if (!call.has("kind")) {
      return Scatter.Kind.SET;
    }
    return Arrays.stream(Scatter.Kind.values())
        .filter(kind ->
            call.meaning("kind").equals(new Meaning.Text(kind.name().toLowerCase(Locale.ROOT))))
        .findFirst()
        .orElseThrow(() -> call.wrong("kind", "\"set\", \"add\", \"max\" or \"min\""));
  }

  private static Meaning dynamicSlice(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value starts = starts(call);
    DynamicSlice op = new DynamicSlice(call.shape("sizes"));
    return call.make(() -> call.body().one(op, x, starts));
  }

  private static Meaning dynamicUpdate(PrimitiveCall call) {
    Value x = call.tensor("x");
    Value update = call.tensor("update", Optional.of(x.dtype()));
    Value starts = starts(call);
    return call.make(() -> call.body().one(new DynamicUpdateSlice(), x, update, starts));
  }

  /** A vector of starts: one tensor, or a list of numbers and of tensors of one number each. */
  private static Value starts(PrimitiveCall call) {
    if (!(call.meaning("starts") instanceof Meaning.Sequence list)
        || list.elements().stream().allMatch(Tensors::isNumber)) {
      return indices(call, "starts");
    }
    Optional<DType> dtype =
        list.elements().stream()
            .filter(element -> element instanceof Meaning.Tensor)
            .map(element -> ((Meaning.Tensor) element).value().dtype())
            .findFirst();
    List<Value> parts = call.tensorList("starts", dtype);
    for (Value part : parts) {
      if (part.rank() != 0 || (part.dtype() != DType.I32 && part.dtype() != DType.I64)) {
        throw call.problem("type-mismatch", "each of starts is one i32 or i64, not " + part.type());
      }
    }
    return call.make(
            () -> {
              BodyBuilder b = call.body();
              List<Value> vectors =
                  parts.stream().map(part -> b.reshape(part, Shape.of(1))).toList();
              return b.concat(vectors, 0);
            })
        .value();
  }

  private static Meaning reverse(PrimitiveCall call) {
    Value x = call.tensor("x");
    List<Integer> axes =
        call.has("axis") ? call.axes("axis", x.rank()) : List.of(call.axis("axis", x.rank(), -1));
    return call.make(() -> call.body().one(new Reverse(axes), x));
  }

  /** Each index as a tuple of one. */
  private static Value withTupleAxis(BodyBuilder b, Value indices) {
    List<Dim> dims = new ArrayList<>(indices.shape().dims());
    dims.add(Dim.ONE);
    return b.reshape(indices, new Shape(dims));
  }

  /**
   * The permutation that brings the axes of indices, which are first, behind as many others as
   * stood before the indexed axis.
   */
  static List<Integer> tuplesBehind(int before, int tuples, int behind) {
    List<Integer> axes =
        new ArrayList<>(IntStream.range(0, before + tuples + behind).boxed().toList());
    Collections.rotate(axes.subList(0, tuples + before), before);
    return axes;
  }

  private static List<Integer> inverse(List<Integer> permutation) {
    return IntStream.range(0, permutation.size()).map(permutation::indexOf).boxed().toList();
  }

  /** Exchanges axes, unless that changes nothing. */
  static Value transposed(BodyBuilder b, Value x, List<Integer> permutation) {
    boolean same = permutation.equals(IntStream.range(0, x.rank()).boxed().toList());
    return same ? x : b.transpose(x, permutation);
  }
}
