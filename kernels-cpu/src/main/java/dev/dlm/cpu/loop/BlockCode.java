package dev.dlm.cpu.loop;

/** The code of a block's shape. Thread-safe. */
final class BlockCode {
  private final LoopCode scalar;

  BlockCode(BlockShape shape) {
    scalar = LoopCodes.scalar(shape);
  }

  /** Runs the block; see {@link LoopCode#run}. */
  void run(LoopState state, int outer, int inner) {
    scalar.run(state, outer, inner);
  }
}
