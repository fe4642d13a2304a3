package dev.dlm.plan.cost;

import dev.dlm.ir.Dim;

/**
 * What a step or a program takes.
 *
 * @param operations on scalars, as {@link dev.dlm.op.Op#operations} counts them
 * @param bytes of operands, each read once, and of results, each written once
 * @param isExact false where values decide how much it is: of a {@code while} loop one trip is
 *     counted, of a {@code cond} one body
 */
public record Cost(Dim operations, Dim bytes, boolean isExact) {
  /** What nothing takes. */
  public static final Cost ZERO = new Cost(Dim.ZERO, Dim.ZERO, true);

  /** One after the other. */
  public Cost plus(Cost other) {
    return new Cost(
        operations.plus(other.operations), bytes.plus(other.bytes), isExact && other.isExact);
  }

  /** Again and again. */
  public Cost times(Dim count) {
    return new Cost(operations.times(count), bytes.times(count), isExact);
  }

  /** A part of a run of which it is not known how often it is taken. */
  Cost estimated() {
    return new Cost(operations, bytes, false);
  }
}
