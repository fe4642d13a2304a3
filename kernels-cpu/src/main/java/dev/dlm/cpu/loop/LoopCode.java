package dev.dlm.cpu.loop;

/** The generated code of a block. Stateless. */
interface LoopCode {
  /**
   * Runs the block for {@code outer} lines of {@code inner} iterations.
   *
   * @param state where it begins, and what it works on
   * @param outer lines, each {@link LoopState#outerSteps} after the one before; 1 where accesses
   *     are bounded or a line is a part of a row
   * @param inner iterations of the innermost loop, at least 1
   */
  void run(LoopState state, int outer, int inner);
}
