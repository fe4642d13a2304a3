package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A sum of products over a depth, {@code result[g, r, c] = Σ_d left[g, r, d] * right[g, c, d]},
 * where each of the four indices runs over several axes. Matrix products and convolutions with
 * their gradients are of this form; they differ in how operands are addressed.
 *
 * @param dtype of the operands and the result
 * @param axes sizes of the axes of each {@link Part}, in the order of its constants
 * @param result where an element is written; does not vary with the depth
 * @param resultOperand the number of the step's operand that is written
 */
record Contraction(
    DType dtype,
    List<List<Dim>> axes,
    Operand left,
    Operand right,
    Linear result,
    int resultOperand) {

  /** The four indices. */
  enum Part {
    GROUP,
    ROW,
    COLUMN,
    DEPTH
  }

  /** {@code constant + Σ coefficients · indices}, with one list of coefficients for each part. */
  record Linear(Dim constant, List<List<Dim>> coefficients) {
    List<Dim> of(Part part) {
      return coefficients.get(part.ordinal());
    }

    Linear plus(Linear other, Dim factor) {
      List<List<Dim>> sums = new ArrayList<>();
      for (int part = 0; part < coefficients.size(); part++) {
        List<Dim> sum = new ArrayList<>();
        for (int axis = 0; axis < coefficients.get(part).size(); axis++) {
          Dim more = other.coefficients.get(part).get(axis).times(factor);
          sum.add(coefficients.get(part).get(axis).plus(more));
        }
        sums.add(sum);
      }
      return new Linear(constant.plus(other.constant.times(factor)), sums);
    }

    private Linear with(Part part, List<Dim> replacement) {
      List<List<Dim>> changed = new ArrayList<>(coefficients);
      changed.set(part.ordinal(), replacement);
      return new Linear(constant, changed);
    }
  }

  /**
   * A coordinate {@code value / divisor} that exists only where the division is exact and {@code 0
   * ≤ value / divisor < extent}.
   *
   * @param stride what the coordinate adds to the position
   */
  record Coordinate(Linear value, long divisor, Dim extent, Dim stride) {}

  /**
   * An operand: the element at {@code position + Σ coordinates}, zero where a coordinate does not
   * exist.
   *
   * @param number the step's operand
   */
  record Operand(int number, Linear position, List<Coordinate> coordinates) {
    Operand {
      coordinates = List.copyOf(coordinates);
    }

    /** This operand with one more coordinate. */
    Operand with(Coordinate coordinate) {
      List<Coordinate> more = new ArrayList<>(coordinates);
      if (coordinate.divisor() == 1) {
        more.add(new Coordinate(coordinate.value(), 1, coordinate.extent(), Dim.ZERO));
        return new Operand(number, position.plus(coordinate.value(), coordinate.stride()), more);
      }
      more.add(coordinate);
      return new Operand(number, position, more);
    }

    private Operand map(UnaryOperator<Linear> change) {
      return new Operand(
          number,
          change.apply(position),
          coordinates.stream()
              .map(
                  c -> new Coordinate(change.apply(c.value()), c.divisor(), c.extent(), c.stride()))
              .toList());
    }

    private List<Linear> forms() {
      List<Linear> forms = new ArrayList<>(List.of(position));
      coordinates.forEach(coordinate -> forms.add(coordinate.value()));
      return forms;
    }
  }

  Contraction {
    axes = List.copyOf(axes);
  }

  /** The sizes of a part's axes. */
  List<Dim> axes(Part part) {
    return axes.get(part.ordinal());
  }

  /** The size of a part: the product over its axes. */
  Dim count(Part part) {
    Dim product = Dim.ONE;
    for (Dim size : axes(part)) {
      product = product.times(size);
    }
    return product;
  }

  /** A form of zeros for axes in the given numbers. */
  static Linear zeros(List<List<Dim>> axes) {
    return new Linear(
        Dim.ZERO, axes.stream().map(part -> Collections.nCopies(part.size(), Dim.ZERO)).toList());
  }

  /** The form with the given coefficient at one axis. */
  static Linear set(Linear form, Part part, int axis, Dim coefficient) {
    List<Dim> changed = new ArrayList<>(form.of(part));
    changed.set(axis, coefficient);
    return form.with(part, changed);
  }

  /** The same sums with as few axes as can be proved: neighbours walked as one become one. */
  Contraction merged() {
    Contraction merged = this;
    for (Part part : Part.values()) {
      for (int axis = axes(part).size() - 1; axis > 0; axis--) {
        if (merged.isOneWalk(part, axis)) {
          merged = merged.join(part, axis);
        }
      }
    }
    return merged;
  }

  private boolean isOneWalk(Part part, int inner) {
    Dim size = axes(part).get(inner);
    List<Linear> forms = new ArrayList<>(left.forms());
    forms.addAll(right.forms());
    forms.add(result);
    return forms.stream()
        .map(form -> form.of(part))
        .allMatch(strides -> strides.get(inner - 1).equals(strides.get(inner).times(size)));
  }

  private Contraction join(Part part, int inner) {
    List<Dim> sizes = new ArrayList<>(axes(part));
    sizes.set(inner, sizes.get(inner - 1).times(sizes.get(inner)));
    sizes.remove(inner - 1);
    List<List<Dim>> all = new ArrayList<>(axes);
    all.set(part.ordinal(), sizes);
    UnaryOperator<Linear> change =
        form -> {
          List<Dim> kept = new ArrayList<>(form.of(part));
          kept.remove(inner - 1);
          return form.with(part, kept);
        };
    return new Contraction(
        dtype, all, left.map(change), right.map(change), change.apply(result), resultOperand);
  }
}
