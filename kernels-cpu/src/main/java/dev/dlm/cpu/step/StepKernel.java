package dev.dlm.cpu.step;

/** How one step of a program runs, for any sizes. Immutable. */
@FunctionalInterface
public interface StepKernel {
  /** Resolves sizes and memory, so that running allocates next to nothing. */
  BoundStep bind(StepBinding binding);
}
