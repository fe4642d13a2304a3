package dev.dlm.benchmarks.driver;

/** A process that was to be measured ended in an error, which the log tells. */
final class FailedProcessException extends Exception {
  private static final long serialVersionUID = 1;
}
