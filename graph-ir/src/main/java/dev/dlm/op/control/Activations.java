package dev.dlm.op.control;

/** How the gradient of a loop gets the values inside of an iteration that it needs. */
public enum Activations {
  /** The forward loop keeps them, which costs memory for every iteration. */
  SAVED,
  /** The backward loop computes them again from the carries, which costs time. */
  RECOMPUTED
}
