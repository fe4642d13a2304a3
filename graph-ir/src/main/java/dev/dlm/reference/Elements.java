package dev.dlm.reference;

import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.util.function.IntUnaryOperator;

/**
 * Tensors whose elements are elements of another one: the evaluation of every op that only moves
 * data.
 */
public final class Elements {
  private Elements() {}

  /** The tensor whose element {@code i} is element {@code sourceOf(i)} of {@code source}. */
  public static HostTensor gather(HostTensor source, TensorType result, IntUnaryOperator sourceOf) {
    return source.dtype().isFloat()
        ? HostTensor.ofDoubles(result, i -> source.doubleAt(sourceOf.applyAsInt(i)))
        : HostTensor.ofLongs(result, i -> source.longAt(sourceOf.applyAsInt(i)));
  }

  /**
   * Like {@link #gather}, with {@code otherwise}, a scalar, where {@code sourceOf(i)} is negative.
   */
  public static HostTensor gatherOr(
      HostTensor source, HostTensor otherwise, TensorType result, IntUnaryOperator sourceOf) {
    if (source.dtype().isFloat()) {
      return HostTensor.ofDoubles(
          result,
          i -> {
            int position = sourceOf.applyAsInt(i);
            return position < 0 ? otherwise.doubleAt(0) : source.doubleAt(position);
          });
    }
    return HostTensor.ofLongs(
        result,
        i -> {
          int position = sourceOf.applyAsInt(i);
          return position < 0 ? otherwise.longAt(0) : source.longAt(position);
        });
  }
}
