package dev.dlm.compiler.simplify;

import dev.dlm.ir.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How axes of two shapes correspond that differ only in axes of the constant size 1. */
final class AxisAlignment {
  private AxisAlignment() {}

  /**
   * For each axis of {@code from} that is not of the constant size 1, in order, the axis of {@code
   * to} that holds the same elements. Empty if the shapes differ in more than axes of size 1.
   */
  static Optional<List<Integer>> of(Shape from, Shape to) {
    List<Integer> sizedFrom = sizedAxes(from);
    List<Integer> sizedTo = sizedAxes(to);
    if (sizedFrom.size() != sizedTo.size()) {
      return Optional.empty();
    }
    for (int i = 0; i < sizedFrom.size(); i++) {
      if (!from.dim(sizedFrom.get(i)).equals(to.dim(sizedTo.get(i)))) {
        return Optional.empty();
      }
    }
    return Optional.of(sizedTo);
  }

  /** The axes that are not of the constant size 1. */
  static List<Integer> sizedAxes(Shape shape) {
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!shape.dim(axis).is(1)) {
        axes.add(axis);
      }
    }
    return axes;
  }

  /** Whether no axis is of the constant size 1. */
  static boolean isSizedThroughout(Shape shape) {
    return sizedAxes(shape).size() == shape.rank();
  }

  /** Whether numbers increase. */
  static boolean isIncreasing(List<Integer> axes) {
    for (int i = 1; i < axes.size(); i++) {
      if (axes.get(i) <= axes.get(i - 1)) {
        return false;
      }
    }
    return true;
  }
}
