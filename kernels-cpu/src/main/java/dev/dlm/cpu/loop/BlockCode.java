package dev.dlm.cpu.loop;

import dev.dlm.plan.LoopKernel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code of a block's shape: scalar code, and where the shape and the machine allow it vector
 * code, both with the same results to the last bit.
 *
 * <p>Until the JIT has compiled it, vector code is about a hundred times slower than scalar code.
 * So a block runs as scalar code while {@link VectorWarmUp} makes its vector code fast, which
 * begins after {@value #SCALAR_ITERATIONS} iterations: a program that runs a few times never pays
 * for vectors, one that runs long soon has them. Thread-safe.
 */
final class BlockCode {
  /** Iterations before vector code is made; counted without synchronization, so about. */
  private static final long SCALAR_ITERATIONS = 1 << 17;

  private final BlockShape shape;
  private final int vectorBits;
  private final LoopCode scalar;
  private final @Nullable VectorForm form;
  private volatile @Nullable LoopCode vector;
  private long iterations;

  private BlockCode(BlockShape shape, int vectorBits, boolean isHot) {
    this.shape = shape;
    this.vectorBits = vectorBits;
    scalar = LoopCodes.scalar(shape);
    Optional<VectorForm> found = vectorBits > 0 ? VectorForm.of(shape) : Optional.empty();
    form = found.orElse(null);
    if (isHot && form != null) {
      vector = LoopCodes.vector(shape, form, vectorBits);
    }
  }

  /** Code that begins scalar and changes over to the vectors of this machine. */
  static BlockCode of(BlockShape shape) {
    return new BlockCode(shape, VectorSupport.bits(), false);
  }

  /** Code that uses vectors of a width from the start, scalar code where that is 0. */
  static BlockCode of(BlockShape shape, int vectorBits) {
    return new BlockCode(shape, vectorBits, true);
  }

  BlockShape shape() {
    return shape;
  }

  LoopCode scalar() {
    return scalar;
  }

  /** Runs as vectors from now on. */
  void changeOver(LoopCode compiled) {
    vector = compiled;
  }

  /** Runs the block; see {@link LoopCode#run}. */
  void run(LoopState state, int outer, int inner) {
    LoopCode fast = vector;
    if (fast != null && form != null) {
      runVector(fast, form.step(vectorBits), state, outer, inner);
      return;
    }
    scalar.run(state, outer, inner);
    if (form != null && iterations <= SCALAR_ITERATIONS) {
      iterations += (long) outer * inner;
      if (iterations > SCALAR_ITERATIONS) {
        VectorForm wanted = form;
        VectorWarmUp.request(this, () -> LoopCodes.vector(shape, wanted, vectorBits));
      }
    }
  }

  /**
   * Whole vectors as vectors, what comes before and after them in a line as scalars; where whole
   * rows are folded, the vector code does both.
   */
  private void runVector(LoopCode fast, int step, LoopState state, int outer, int inner) {
    int left = inner;
    boolean alongColumns = shape.mode() == BlockShape.Mode.COLUMNS;
    if (alongColumns && state.lane > 0) {
      int head = Math.min(left, LoopKernel.FOLD_LANES - state.lane);
      scalar.run(state, outer, head);
      state.moveOn(head, true);
      left -= head;
    }
    int whole = shape.foldsWholeRows() ? left : left - left % step;
    if (whole > 0) {
      fast.run(state, outer, whole);
      state.moveOn(whole, alongColumns);
      left -= whole;
    }
    if (left > 0) {
      scalar.run(state, outer, left);
    }
  }
}
