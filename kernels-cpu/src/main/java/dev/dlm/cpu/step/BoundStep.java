package dev.dlm.cpu.step;

/** A step over given memory for one binding of sizes. Used by one thread at a time. */
@FunctionalInterface
public interface BoundStep {
  /** Computes what the step writes. */
  void run();
}
