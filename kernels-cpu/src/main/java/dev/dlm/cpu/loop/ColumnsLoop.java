package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.ir.DType;
import dev.dlm.plan.Block;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.parallel.WorkerPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop with folds whose innermost loop runs along the columns. Tasks take rows; where rows are
 * few and long, blocks of the columns of one row.
 */
final class ColumnsLoop extends BoundLoop implements WorkerPool.Task {
  private final int firstColumnAxis;
  private final long rows;
  private final long columns;
  private final int finish;
  private final List<Block> sweeps;
  private final int[] firstFolds;
  private final FoldArithmetic folds;
  private final long rowsPerTask;
  private final int tasks;
  private final @Nullable ColumnBlocks columnBlocks;

  ColumnsLoop(Binding binding, IterationSpace space) {
    super(binding, space, -1, space.rank() - 1, Mode.COLUMNS);
    firstColumnAxis = space.countRows();
    rows = space.count(0, firstColumnAxis);
    columns = space.count(firstColumnAxis, space.rank());
    sweeps = structure.kernel().sweeps();
    finish = sweeps.size();
    folds = structure.folds();
    firstFolds = new int[sweeps.size() + 1];
    for (int sweep = 0; sweep < sweeps.size(); sweep++) {
      firstFolds[sweep + 1] = firstFolds[sweep] + sweeps.get(sweep).folds().size();
    }
    rowsPerTask = Math.max(1, TASK_ITERATIONS / Math.max(1, columns));
    boolean byBlocks = isShared() && columns > LoopKernel.FOLD_BLOCK && rows < 4L * pool.threads();
    columnBlocks = byBlocks ? new ColumnBlocks() : null;
    tasks = isShared() && !byBlocks ? Math.toIntExact(Math.ceilDiv(rows, rowsPerTask)) : 1;
  }

  @Override
  public void run() {
    if (columnBlocks != null) {
      for (long row = 0; row < rows; row++) {
        columnBlocks.run(row);
      }
    } else if (tasks > 1) {
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
      for (long row = from; row < to; row++) {
        seekRow(state, row);
        for (int sweep = 0; sweep < sweeps.size(); sweep++) {
          for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
            folds.reset(state.results, fold, 1);
          }
          for (long block = 0; block < columns; block += LoopKernel.FOLD_BLOCK) {
            runBlock(state, sweep, block);
            for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
              folds.addBlock(state.results, state.lanes, fold, 1, block == 0);
            }
          }
        }
        finishRow(state);
      }
    } finally {
      states.giveBack(state);
    }
  }

  private void seekRow(LoopState state, long row) {
    seek(state, origin(), 0, firstColumnAxis, row);
    System.arraycopy(state.line, 0, state.row, 0, state.row.length);
  }

  private void finishRow(LoopState state) {
    System.arraycopy(state.row, 0, state.line, 0, state.row.length);
    runLine(state, finish, 0, 1, 0);
  }

  /** Runs a sweep for one block of columns and folds its lanes. */
  private void runBlock(LoopState state, int sweep, long from) {
    for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
      folds.reset(state.lanes, fold, LoopKernel.FOLD_LANES);
    }
    long to = Math.min(from + LoopKernel.FOLD_BLOCK, columns);
    long lineSize = space.size(innerAxis);
    seek(state, state.row, firstColumnAxis, innerAxis, from / lineSize);
    long first = from % lineSize;
    long column = from;
    while (column < to) {
      int length = (int) Math.min(lineSize - first, to - column);
      runLine(state, sweep, first, length, column);
      column += length;
      first = 0;
      advance(state, firstColumnAxis, innerAxis, 1);
    }
    for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
      folds.combineLanes(state.lanes, fold, 1, 1);
    }
  }

  /** The way of few and long rows: one row after the other, blocks of its columns in parallel. */
  private final class ColumnBlocks implements WorkerPool.Task {
    private final int count = Math.toIntExact(Math.ceilDiv(columns, LoopKernel.FOLD_BLOCK));
    private final FoldArrays partial;
    private final FoldArrays results;
    private long row;
    private int sweep;

    ColumnBlocks() {
      List<DType> dtypes = folds.dtypes();
      partial = new FoldArrays(dtypes, count);
      results = new FoldArrays(dtypes, 1);
    }

    void run(long atRow) {
      row = atRow;
      for (sweep = 0; sweep < sweeps.size(); sweep++) {
        pool.run(count, this);
        for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
          folds.addBlock(results, partial, fold, 1, true);
          for (int block = 1; block < count; block++) {
            folds.combine(
                fold, results, results.offsets[fold], partial, partial.offsets[fold] + block, 1);
          }
        }
      }
      LoopState state = states.borrow();
      try {
        seekRow(state, row);
        takeResults(state);
        finishRow(state);
      } finally {
        states.giveBack(state);
      }
    }

    @Override
    public void run(int index) {
      LoopState state = states.borrow();
      try {
        seekRow(state, row);
        takeResults(state);
        runBlock(state, sweep, (long) index * LoopKernel.FOLD_BLOCK);
        for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
          folds.copy(fold, partial, partial.offsets[fold] + index, state.lanes, 1);
        }
      } finally {
        states.giveBack(state);
      }
    }

    private void takeResults(LoopState state) {
      for (int fold = 0; fold < firstFolds[sweeps.size()]; fold++) {
        folds.copy(fold, state.results, state.results.offsets[fold], results, 1);
      }
    }
  }
}
