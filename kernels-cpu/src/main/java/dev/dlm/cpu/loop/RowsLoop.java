package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.plan.Block;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.parallel.WorkerPool;
import java.util.List;

/**
 * A loop with folds whose innermost loop runs along rows that are neighbours in memory, for each of
 * the columns in turn. Tasks take tiles of rows.
 */
final class RowsLoop extends BoundLoop implements WorkerPool.Task {
  private static final int MAX_TILE = 1024;

  private final int rowAxis;
  private final int firstColumnAxis;
  private final int outerAxis;
  private final long columns;
  private final int tile;
  private final long tilesPerLine;
  private final int tasks;
  private final int finish;
  private final List<Block> sweeps;
  private final int[] firstFolds;
  private final FoldArithmetic folds;

  /**
   * Binds.
   *
   * @param space the last axis of rows is the innermost; has at least one axis of columns
   */
  RowsLoop(Binding binding, IterationSpace space) {
    this(binding, space, tileSize(space.size(space.countRows() - 1), binding.pool().threads()));
  }

  private RowsLoop(Binding binding, IterationSpace space, int tile) {
    super(binding, space, space.rank() - 1, space.countRows() - 1, Mode.ROWS, tile, tile);
    this.tile = tile;
    rowAxis = space.countRows() - 1;
    firstColumnAxis = space.countRows();
    outerAxis = space.rank() - 1;
    columns = space.count(firstColumnAxis, space.rank());
    tilesPerLine = Math.ceilDiv(space.size(rowAxis), tile);
    tasks = Math.toIntExact(space.count(0, rowAxis) * tilesPerLine);
    sweeps = structure.kernel().sweeps();
    finish = sweeps.size();
    folds = structure.folds();
    firstFolds = new int[sweeps.size() + 1];
    for (int sweep = 0; sweep < sweeps.size(); sweep++) {
      firstFolds[sweep + 1] = firstFolds[sweep] + sweeps.get(sweep).folds().size();
    }
  }

  private static int tileSize(long rows, int threads) {
    long share = Math.ceilDiv(Math.ceilDiv(rows, threads), 16) * 16;
    return (int) Math.clamp(share, 16, MAX_TILE);
  }

  @Override
  public void run() {
    if (isShared()) {
      pool.run(tasks, this);
    } else {
      for (int index = 0; index < tasks; index++) {
        run(index);
      }
    }
  }

  /** Runs one tile of rows. */
  @Override
  public void run(int index) {
    LoopState state = states.borrow();
    try {
      long first = index % tilesPerLine * tile;
      int rows = (int) Math.min(tile, space.size(rowAxis) - first);
      seek(state, origin(), 0, rowAxis, index / tilesPerLine);
      System.arraycopy(state.line, 0, state.row, 0, state.row.length);
      for (int sweep = 0; sweep < sweeps.size(); sweep++) {
        for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
          folds.reset(state.results, fold, rows);
        }
        for (long block = 0; block < columns; block += LoopKernel.FOLD_BLOCK) {
          runBlock(state, sweep, block, first, rows);
          for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
            folds.addBlock(state.results, state.lanes, fold, rows, block == 0);
          }
        }
      }
      System.arraycopy(state.row, 0, state.line, 0, state.row.length);
      runLine(state, finish, first, rows, 0);
    } finally {
      states.giveBack(state);
    }
  }

  private void runBlock(LoopState state, int sweep, long from, long first, int rows) {
    for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
      folds.reset(state.lanes, fold, LoopKernel.FOLD_LANES * tile);
    }
    long to = Math.min(from + LoopKernel.FOLD_BLOCK, columns);
    seek(state, state.row, firstColumnAxis, space.rank(), from);
    long column = from;
    while (column < to) {
      int count = 1;
      if (isBounded(sweep)) {
        runLine(state, sweep, first, rows, column);
      } else {
        count = (int) Math.min(space.size(outerAxis) - state.counters[outerAxis], to - column);
        runLines(state, sweep, first, count, rows, column);
      }
      column += count;
      advance(state, firstColumnAxis, space.rank(), count);
    }
    for (int fold = firstFolds[sweep]; fold < firstFolds[sweep + 1]; fold++) {
      folds.combineLanes(state.lanes, fold, tile, rows);
    }
  }
}
