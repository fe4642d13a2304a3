package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BoundLoop.Binding;
import dev.dlm.plan.LoopKernel;

/** Decides how a kernel with folds runs. The result's bits do not depend on it. */
final class FoldPlan {
  private FoldPlan() {}

  static BoundLoop bind(Binding binding, IterationSpace merged) {
    IterationSpace space =
        merged.rank() == merged.countRows() ? merged.withUnitAxis(merged.rank(), false) : merged;
    LoopStructure structure = binding.structure();
    int columnScore =
        isShort(space) ? Integer.MIN_VALUE : score(space, structure, space.rank() - 1);
    int best = -1;
    for (int axis = 0; axis < space.countRows(); axis++) {
      int score = score(space, structure, axis);
      if (score > (best < 0 ? columnScore : score(space, structure, best))) {
        best = axis;
      }
    }
    if (best < 0) {
      return WholeRowsLoop.fits(binding, space)
          ? new WholeRowsLoop(binding, space)
          : new ColumnsLoop(binding, space);
    }
    return new RowsLoop(binding, space.withAxisMoved(best, space.countRows() - 1));
  }

  /**
   * Whether rows do not fill the lanes of a fold: vectors would be mostly empty, and a row's
   * beginning and end cost more than the row. Vectors of rows are full, though their elements may
   * have to be collected.
   */
  private static boolean isShort(IterationSpace space) {
    return space.count(space.countRows(), space.rank()) < LoopKernel.FOLD_LANES;
  }

  private static int score(IterationSpace space, LoopStructure structure, int axis) {
    int score = 0;
    for (int access = 0; access < structure.countAccesses(); access++) {
      long stride = space.stride(access, axis);
      score += stride == structure.dtype(access).sizeBytes() ? 1 : stride == 0 ? 0 : -1;
    }
    return space.size(axis) < 4 ? score - structure.countAccesses() : score;
  }
}
