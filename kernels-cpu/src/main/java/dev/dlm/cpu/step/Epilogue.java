package dev.dlm.cpu.step;

import dev.dlm.cpu.contraction.TileEpilogue;
import dev.dlm.cpu.loop.BoundLoop;
import dev.dlm.cpu.loop.ElementsLoop;
import dev.dlm.plan.LoopKernel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The loop that a contraction runs on its result, block by block or at the end. */
final class Epilogue {
  private final Optional<LoopKernel> kernel;
  private final StepBinding binding;

  Epilogue(Optional<LoopKernel> kernel, StepBinding binding) {
    this.kernel = kernel;
    this.binding = binding;
  }

  /**
   * What to call for each block of the result.
   *
   * @param rows rows of one matrix of the batch
   * @param columns elements of a row
   */
  @Nullable TileEpilogue forTiles(long rows, long columns) {
    if (kernel.isEmpty()) {
      return null;
    }
    ElementsLoop loop =
        BoundLoop.bindInOrder(
            kernel.get(), binding.sizes(), binding.dtypes(), binding.segments(), binding.pool());
    binding.countScratch(loop.scratchBytes());
    return (batch, rowStart, rowEnd, columnStart, columnEnd) -> {
      long first = batch * rows;
      loop.runBlock(first + rowStart, first + rowEnd, columns, columnStart, columnEnd);
    };
  }

  /** The step followed by the loop over the whole result. */
  BoundStep after(BoundStep step) {
    if (kernel.isEmpty()) {
      return step;
    }
    BoundStep loop = LoopStep.bind(binding, List.of(kernel.get()));
    return () -> {
      step.run();
      loop.run();
    };
  }
}
