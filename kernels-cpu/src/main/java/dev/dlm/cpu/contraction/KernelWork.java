package dev.dlm.cpu.contraction;

/**
 * Takes work on the kernel of a convolution alone, such as packing, where the kernel stays the same
 * for many runs.
 */
@FunctionalInterface
public interface KernelWork {

  /**
   * Adds work, to be done before the next run and again before each that finds the kernel changed.
   */
  void add(Runnable work);
}
