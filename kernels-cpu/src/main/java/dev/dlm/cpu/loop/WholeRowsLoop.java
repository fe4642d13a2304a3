package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.ir.DType;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.parallel.WorkerPool;

/**
 * A loop with folds of {@code f32} over rows so short that generated code folds them from beginning
 * to end. It sweeps a few rows before the next sweep follows: they stay in the fastest cache
 * meanwhile, and the processor works on one while additions of the one before wait for each other.
 * Tasks take rows.
 */
final class WholeRowsLoop extends BoundLoop implements WorkerPool.Task {
  /** Elements of the rows that are swept together. */
  private static final int GROUP_ELEMENTS = 4096;

  private static final int MAX_GROUP = 64;

  private final int countRowAxes;
  private final long rows;
  private final int columns;
  private final int group;
  private final int finish;
  private final long rowsPerTask;
  private final int tasks;

  WholeRowsLoop(Binding binding, IterationSpace space) {
    this(binding, space, group(space));
  }

  private WholeRowsLoop(Binding binding, IterationSpace space, int group) {
    super(binding, space, space.countRows() - 1, space.rank() - 1, Mode.WHOLE_ROWS, 1, group);
    this.group = group;
    countRowAxes = space.countRows();
    rows = space.count(0, countRowAxes);
    columns = (int) space.size(innerAxis);
    finish = structure.kernel().sweeps().size();
    rowsPerTask = Math.max(group, TASK_ITERATIONS / columns / group * group);
    tasks = isShared() ? Math.toIntExact(Math.ceilDiv(rows, rowsPerTask)) : 1;
  }

  private static int group(IterationSpace space) {
    return (int) Math.clamp(GROUP_ELEMENTS / space.size(space.rank() - 1), 1, MAX_GROUP);
  }

  /** Whether rows are one line each, of a vector at least. */
  static boolean fits(Binding binding, IterationSpace space) {
    LoopStructure structure = binding.structure();
    long columns = space.size(space.rank() - 1);
    return space.rank() == space.countRows() + 1
        && columns >= LoopKernel.FOLD_LANES
        && columns <= LoopKernel.FOLD_BLOCK
        && space.countBounds() == 0
        && structure.folds().dtypes().stream().allMatch(dtype -> dtype == DType.F32);
  }

  @Override
  public void run() {
    if (tasks > 1) {
      pool.run(tasks, this);
    } else {
      runRows(0, rows);
    }
  }

  /** Runs the rows of one task. */
  @Override
  public void run(int index) {
    run(index, index + 1);
  }

  @Override
  public void run(int from, int to) {
    runRows(from * rowsPerTask, Math.min(to * rowsPerTask, rows));
  }

  private void runRows(long from, long to) {
    LoopState state = states.borrow();
    try {
      seek(state, origin(), 0, countRowAxes, from);
      long row = from;
      while (row < to) {
        int count = (int) Math.min(Math.min(group, to - row), neighbours(state));
        long following = Math.min(to - row, neighbours(state)) - count;
        for (int sweep = 0; sweep < finish; sweep++) {
          fetchAhead(state, sweep, following > 0 ? count : 0);
          runLines(state, sweep, 0, count, columns, 0);
        }
        runLines(state, finish, 0, count, 1, 0);
        advance(state, 0, countRowAxes, count);
        row += count;
      }
    } finally {
      states.giveBack(state);
    }
  }

  /** Has a sweep read rows ahead, if it does: those of the next group, or its own once more. */
  private void fetchAhead(LoopState state, int sweep, int rowsAhead) {
    int access = blocks[sweep].shape().fetched();
    if (access >= 0) {
      state.fetchFrom = state.line[access] + rowsAhead * state.outerSteps[access];
    }
  }

  /** Rows from the state's on along the last axis of rows. */
  private long neighbours(LoopState state) {
    int axis = countRowAxes - 1;
    return axis < 0 ? 1 : space.size(axis) - state.counters[axis];
  }
}
