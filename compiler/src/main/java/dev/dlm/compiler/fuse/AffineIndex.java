package dev.dlm.compiler.fuse;

import dev.dlm.ir.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A coordinate of a tensor as a function of the indices of an iteration space: {@code offset + Σ
 * coefficients[i] * index[i]}. Immutable.
 */
public record AffineIndex(Dim offset, List<Dim> coefficients) {
  public AffineIndex {
    coefficients = List.copyOf(coefficients);
  }

  /** The index along one axis of a space. */
  public static AffineIndex ofAxis(int axis, int rank) {
    List<Dim> coefficients = new ArrayList<>(Collections.nCopies(rank, Dim.ZERO));
    coefficients.set(axis, Dim.ONE);
    return new AffineIndex(Dim.ZERO, coefficients);
  }

  /** The constant zero over a space. */
  public static AffineIndex zero(int rank) {
    return new AffineIndex(Dim.ZERO, Collections.nCopies(rank, Dim.ZERO));
  }

  /** The coordinates of an element of a space itself. */
  public static List<AffineIndex> identity(int rank) {
    List<AffineIndex> map = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      map.add(ofAxis(axis, rank));
    }
    return List.copyOf(map);
  }

  /** {@code this * factor}. */
  public AffineIndex times(Dim factor) {
    return new AffineIndex(
        offset.times(factor), coefficients.stream().map(c -> c.times(factor)).toList());
  }

  /** {@code this + summand}. */
  public AffineIndex plus(Dim summand) {
    return new AffineIndex(offset.plus(summand), coefficients);
  }

  /** {@code this + other}, over the same space. */
  public AffineIndex plus(AffineIndex other) {
    List<Dim> sums = new ArrayList<>();
    for (int i = 0; i < coefficients.size(); i++) {
      sums.add(coefficients.get(i).plus(other.coefficients.get(i)));
    }
    return new AffineIndex(offset.plus(other.offset), sums);
  }
}
