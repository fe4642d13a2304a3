package dev.dlm.runtime.device;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A binding of symbols to sizes. Immutable; equal when the bindings are. */
public final class Sizes {
  private final SortedMap<String, Long> values;

  private Sizes(SortedMap<String, Long> values) {
    this.values = values;
  }

  public static Sizes of(Map<String, Long> values) {
    return new Sizes(new TreeMap<>(values));
  }

  /**
   * The value of a size.
   *
   * @throws IllegalArgumentException if a symbol is not bound
   */
  public long of(Dim dim) {
    return dim.evaluate(this::symbol);
  }

  /** The value of a size that must fit in an {@code int}. */
  public int intOf(Dim dim) {
    return Math.toIntExact(of(dim));
  }

  /** The sizes of a shape. */
  public long[] of(Shape shape) {
    long[] sizes = new long[shape.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = of(shape.dim(axis));
    }
    return sizes;
  }

  /** The size of each symbol, in the order of their names. */
  public Map<String, Long> asMap() {
    return Collections.unmodifiableMap(values);
  }

  private long symbol(String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("size " + name + " is not bound in " + values);
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sizes that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** For example {@code {B=64}}. */
  @Override
  public String toString() {
    return values.toString();
  }
}
