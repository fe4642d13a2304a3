package dev.dlm.cpu.window;

import dev.dlm.cpu.VectorModule;

/**
 * Windows of two by two elements side by side, one plane at a time. Every implementation computes
 * the same bits, but for the sign and payload of a NaN. Places are addresses.
 *
 * <p>The least element is found as the greatest of the negated ones: {@code sign} is 1 for the
 * greatest, −1 for the least.
 */
interface HalvingPlanes {

  /** The fastest for planes of a shape on this machine. */
  static HalvingPlanes of(WindowShape shape) {
    return VectorModule.isPresent() && shape.outputWidth() >= 2
        ? VectorHalvingPlanes.widest()
        : new ScalarHalvingPlanes();
  }

  /** Writes the sum of each window, in row-major order from +0. */
  void sum(WindowShape shape, long x, long y);

  /** Writes the greatest or least element of each window. */
  void extreme(WindowShape shape, float sign, long x, long y);

  /**
   * Writes each element of {@code u}, added to zero, at the place that its window of {@code x}
   * selects, and zero at the other places of the windows.
   */
  void scatter(WindowShape shape, float sign, long x, long u, long dx);
}
