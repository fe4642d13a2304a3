package dev.dlm.plan;

import dev.dlm.ir.Dim;

/** Where a buffer lives. */
public sealed interface Storage {
  /** In the arena of the run. Buffers whose lives do not overlap may share bytes. */
  record Arena(Dim offsetBytes) implements Storage {}

  /** The memory of a variable. */
  record OfVariable(String name) implements Storage {}

  /** A constant of the program, by its place in {@link Program#constants}. */
  record Constant(int index) implements Storage {}
}
