package dev.dlm.op.array;

import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradient of a product of factors with respect to each: the product of the others, made
 * without dividing, so that it and its own gradients are right where factors are zero.
 *
 * <p>Along an axis of known size the product is seen as a tree of pairs, whose gradient takes twice
 * the operations of the product. Along one of unknown size each factor's others are multiplied
 * anew, in {@code n²} operations but without memory for them.
 */
final class ProductGradient {
  private final BodyBuilder b;

  private ProductGradient(BodyBuilder b) {
    this.b = b;
  }

  /** The gradient with respect to {@code x}, of the product over {@code axes} of it. */
  static Value of(BodyBuilder b, Value x, List<Integer> axes, Value upstream) {
    // As if axes were multiplied one after the other, the last one first.
    List<Value> products = new ArrayList<>(List.of(x));
    for (int i = axes.size() - 1; i > 0; i--) {
      Value before = products.get(products.size() - 1);
      products.add(b.reduce(Reduce.Kind.PRODUCT, before, List.of(axes.get(i))));
    }
    Value gradient = upstream;
    for (int i = 0; i < axes.size(); i++) {
      Value factors = products.get(axes.size() - 1 - i);
      gradient = new ProductGradient(b).along(factors, axes.get(i), gradient);
    }
    return gradient;
  }

  private Value along(Value x, int axis, Value upstream) {
    if (!x.dim(axis).isConstant()) {
      return b.mul(othersOneByOne(x, axis), restored(upstream, x, axis));
    }
    return x.dim(axis).is(0) ? b.like(x, 0) : throughPairs(x, axis, upstream);
  }

  private Value restored(Value upstream, Value x, int axis) {
    List<Integer> kept = new ArrayList<>(BodyBuilder.allAxes(x));
    kept.remove(axis);
    return b.broadcast(upstream, x.shape(), kept);
  }

  /** The product over {@code j ≠ i} of {@code x[j]} for each {@code i}. */
  private Value othersOneByOne(Value x, int axis) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    dims.add(axis, x.dim(axis));
    TensorType table = x.type().withShape(new Shape(dims));
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      places.add(i < axis ? i : i + 1);
    }
    TensorType indices = table.withDType(DType.I32);
    Value isItself = b.equal(b.iota(indices, axis), b.iota(indices, axis + 1));
    Value factors = b.select(isItself, b.filled(table, 1), b.broadcast(x, table.shape(), places));
    return b.reduce(Reduce.Kind.PRODUCT, factors, List.of(axis + 1));
  }

  /** One level of the tree: halves of an axis, whose elements are multiplied. */
  private record Pairs(Value left, Value right, boolean wasOdd) {}

  private Value throughPairs(Value x, int axis, Value upstream) {
    List<Pairs> levels = new ArrayList<>();
    Value level = x;
    while (!level.dim(axis).is(1)) {
      long count = level.dim(axis).asLong();
      long half = (count + 1) / 2;
      Value even = count % 2 == 0 ? level : b.concat(List.of(level, one(level, axis)), axis);
      Pairs pairs =
          new Pairs(part(even, axis, 0, half), part(even, axis, half, 2 * half), count % 2 == 1);
      levels.add(pairs);
      level = b.mul(pairs.left(), pairs.right());
    }
    Value gradient = b.reshape(upstream, level.shape());
    for (Pairs pairs : levels.reversed()) {
      Value left = b.mul(gradient, pairs.right());
      Value right = b.mul(gradient, pairs.left());
      Value both = b.concat(List.of(left, right), axis);
      long count = both.dim(axis).asLong();
      gradient = pairs.wasOdd() ? part(both, axis, 0, count - 1) : both;
    }
    return gradient;
  }

  private Value one(Value x, int axis) {
    List<Dim> dims = new ArrayList<>(x.shape().dims());
    dims.set(axis, Dim.ONE);
    return b.filled(x.type().withShape(new Shape(dims)), 1);
  }

  private Value part(Value x, int axis, long start, long limit) {
    List<Dim> starts = new ArrayList<>();
    List<Dim> limits = new ArrayList<>(x.shape().dims());
    List<Long> strides = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      starts.add(Dim.of(i == axis ? start : 0));
      strides.add(1L);
    }
    limits.set(axis, Dim.of(limit));
    return b.one(new Slice(starts, limits, strides), x);
  }
}
