package dev.dlm.plan;

import dev.dlm.ir.Dim;
import java.util.List;

/**
 * Where a loop kernel finds the elements of an operand: at position {@code offset + Σ strides[i] *
 * index[i]}, counted in elements, where the indices run over the kernel's rows, then its columns.
 *
 * @param operand number of the step's operand
 * @param strides one for each axis of rows and columns; 0 where the operand does not vary
 * @param bounds conditions under which the element exists; where one fails a load gives the
 *     kernel's {@link Instruction.Load#otherwise}. Empty for stores
 */
public record Access(int operand, Dim offset, List<Dim> strides, List<Bound> bounds) {
  public Access {
    strides = List.copyOf(strides);
    bounds = List.copyOf(bounds);
  }

  /** The condition {@code 0 ≤ offset + Σ coefficients[i] * index[i] < extent}. */
  public record Bound(Dim offset, List<Dim> coefficients, Dim extent) {
    public Bound {
      coefficients = List.copyOf(coefficients);
    }
  }

  /** Whether two accesses touch the same elements of their operands in the same order. */
  public boolean hasSameMapAs(Access other) {
    return offset.equals(other.offset)
        && strides.equals(other.strides)
        && bounds.equals(other.bounds);
  }
}
