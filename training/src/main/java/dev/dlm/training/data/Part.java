package dev.dlm.training.data;

/** What examples are for. */
public enum Part {
  /** The weights, and what is fitted before, follow from these examples. */
  TRAINING,
  /** These examples measure what was learned, and change nothing. */
  VALIDATION
}
