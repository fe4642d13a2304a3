package dev.dlm.op.nn;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.InferContext;
import dev.dlm.op.array.Reduce;
import dev.dlm.reference.Indexing;
import java.util.ArrayList;
import java.util.List;

/**
 * Windows that move over all axes of a tensor, one entry an axis. Elements in the padding do not
 * take part.
 *
 * @param sizes of the window, at least 1
 * @param strides between windows, at least 1
 * @param padLow padding before the first element, not negative and smaller than the window
 * @param padHigh padding after the last element, not negative and smaller than the window
 */
public record WindowGeometry(
    List<Long> sizes, List<Long> strides, List<Long> padLow, List<Long> padHigh) {
  public WindowGeometry {
    sizes = List.copyOf(sizes);
    strides = List.copyOf(strides);
    padLow = List.copyOf(padLow);
    padHigh = List.copyOf(padHigh);
  }

  /** The shape of one value a window. Checks constraints C2 to C4 of the window ops. */
  Shape outputShape(InferContext context, TensorType operand) {
    int rank = operand.rank();
    boolean sized =
        sizes.size() == rank
            && strides.size() == rank
            && padLow.size() == rank
            && padHigh.size() == rank;
    context.check("C2", sized, "the window has not one entry for each axis of " + operand);
    List<Dim> dims = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      context.check(
          "C3",
          sizes.get(axis) >= 1 && strides.get(axis) >= 1,
          "window sizes and strides are at least 1");
      boolean padding = padLow.get(axis) >= 0 && padHigh.get(axis) >= 0;
      padding =
          padding && padLow.get(axis) < sizes.get(axis) && padHigh.get(axis) < sizes.get(axis);
      context.check(
          "C3",
          padding,
          "padding along axis " + axis + " is negative or not smaller than the window");
      Dim room = operand.dim(axis).plus(padLow.get(axis) + padHigh.get(axis) - sizes.get(axis));
      context.checkAtMost(
          "C4", Dim.ZERO, room, "the window " + sizes + " does not fit into " + operand);
      dims.add(room.floorDividedBy(strides.get(axis)).plus(1));
    }
    return new Shape(dims);
  }

  /** What a window shows: the position in the operand, or −1 for an element in the padding. */
  int position(long[] operandSizes, long[] window, long[] within) {
    long[] at = new long[window.length];
    for (int axis = 0; axis < at.length; axis++) {
      at[axis] = window[axis] * strides.get(axis) - padLow.get(axis) + within[axis];
    }
    return Indexing.inside(operandSizes, at) ? Indexing.position(operandSizes, at) : -1;
  }

  /** The number of elements of a window. */
  long countElements() {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return count;
  }

  /** The window's sizes as an array. */
  long[] sizesArray() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * The position in the operand of a window's first extreme element in row-major order, a NaN
   * counting as the extreme; −1 for a window that lies in the padding entirely.
   */
  int selectedPosition(Reduce.Kind kind, HostTensor x, long[] window) {
    long[] inner = sizesArray();
    int best = -1;
    for (int k = 0; k < Indexing.count(inner); k++) {
      int candidate = position(x.sizes(), window, Indexing.coordinates(inner, k));
      if (candidate >= 0
          && (best < 0 || isMoreExtreme(kind, x.doubleAt(candidate), x.doubleAt(best)))) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isMoreExtreme(Reduce.Kind kind, double candidate, double best) {
    if (Double.isNaN(candidate) || Double.isNaN(best)) {
      return !Double.isNaN(best);
    }
    return kind == Reduce.Kind.MAX ? candidate > best : candidate < best;
  }
}
