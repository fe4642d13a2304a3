package dev.dlm.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sizes of a tensor along its axes, outermost first. A scalar has none. Immutable.
 *
 * @param dims one size an axis
 */
public record Shape(List<Dim> dims) {
  public static final Shape SCALAR = new Shape(List.of());

  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of constant sizes. */
  public static Shape of(long... sizes) {
    List<Dim> dims = new ArrayList<>();
    for (long size : sizes) {
      dims.add(Dim.of(size));
    }
    return new Shape(dims);
  }

  /** A shape of symbolic sizes. */
  public static Shape of(Dim first, Dim... rest) {
    List<Dim> dims = new ArrayList<>(List.of(rest));
    dims.add(0, first);
    return new Shape(dims);
  }

  public int rank() {
    return dims.size();
  }

  public Dim dim(int axis) {
    return dims.get(axis);
  }

  /** The number of elements: the product of the sizes. */
  public Dim count() {
    Dim product = Dim.ONE;
    for (Dim dim : dims) {
      product = product.times(dim);
    }
    return product;
  }

  /** Distances in elements between neighbours along each axis in row-major order. */
  public List<Dim> strides() {
    Dim[] strides = new Dim[rank()];
    Dim next = Dim.ONE;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      strides[axis] = next;
      next = next.times(dims.get(axis));
    }
    return List.of(strides);
  }

  /** Whether no symbol occurs. */
  public boolean isConstant() {
    for (Dim dim : dims) {
      if (!dim.isConstant()) {
        return false;
      }
    }
    return true;
  }

  /**
   * The sizes as numbers.
   *
   * @throws IllegalStateException if a symbol occurs
   */
  public long[] asLongs() {
    long[] sizes = new long[dims.size()];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = dims.get(axis).asLong();
    }
    return sizes;
  }

  /** This shape with symbols replaced by sizes. */
  public Shape substitute(Map<String, Dim> replacements) {
    List<Dim> replaced = new ArrayList<>();
    for (Dim dim : dims) {
      replaced.add(dim.substitute(replacements));
    }
    return new Shape(replaced);
  }

  /** This shape without the given axes. */
  public Shape without(List<Integer> axes) {
    List<Dim> kept = new ArrayList<>();
    for (int axis = 0; axis < rank(); axis++) {
      if (!axes.contains(axis)) {
        kept.add(dims.get(axis));
      }
    }
    return new Shape(kept);
  }

  /**
   * The shape to which two shapes broadcast: aligned at the last axis, each pair of sizes equal or
   * one of them the constant 1. Empty when they do not.
   */
  public static Optional<Shape> broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      int axisA = axis - (rank - a.rank());
      int axisB = axis - (rank - b.rank());
      Dim dimA = axisA < 0 ? Dim.ONE : a.dim(axisA);
      Dim dimB = axisB < 0 ? Dim.ONE : b.dim(axisB);
      if (!dimA.equals(dimB) && !dimA.is(1) && !dimB.is(1)) {
        return Optional.empty();
      }
      dims.add(dimA.is(1) ? dimB : dimA);
    }
    return Optional.of(new Shape(dims));
  }

  @Override
  public String toString() {
    return dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
