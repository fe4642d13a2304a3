package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.op.array.Scatter;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * {@link Scatter}: every element takes its updates in row-major order, so that results are the same
 * bits for any number of threads. Tasks share batches, rows of one tuple, and columns of rows;
 * never tuples. Copies the tensor first, unless the result has the tensor's own bytes.
 */
final class ScatterKernel implements BoundStep, WorkerPool.Task {
  /** At least so many elements of updates make a task. */
  private static final long TASK_ELEMENTS = 1 << 14;

  /** The columns of a task fill whole cache lines. */
  private static final long COLUMN_STEP = 64;

  private final IndexedRows rows;
  private final MemorySegment updates;
  private final MemorySegment result;
  private final TensorCopy copy;
  private final DType dtype;
  private final Scatter.Kind kind;
  private final long lanes;
  private final long columnTasks;
  private final long taskColumns;
  private final long laneTasks;
  private final long taskLanes;
  private final WorkerPool pool;

  private ScatterKernel(Scatter op, StepBinding binding) {
    updates = binding.segment(2);
    result = binding.segment(3);
    copy = new TensorCopy(binding.segment(0), result, binding.pool());
    dtype = binding.type(0).dtype();
    kind = op.kind();
    pool = binding.pool();
    rows =
        new IndexedRows(
            op.batch(), op.axes(), binding.type(0), binding.type(1), binding.segment(1));
    lanes = rows.countBatches() * rows.countOuter();
    long elements = lanes * rows.tuplesInBatch() * rows.rowElements();
    long tasks = Math.clamp(elements / TASK_ELEMENTS, 1, 4L * pool.threads());
    laneTasks = elements == 0 ? 0 : Math.min(tasks, lanes);
    taskLanes = elements == 0 ? 0 : Math.ceilDiv(lanes, laneTasks);
    long wanted = elements == 0 ? 1 : Math.ceilDiv(tasks, laneTasks);
    taskColumns =
        Math.max(
            COLUMN_STEP,
            Math.ceilDiv(Math.ceilDiv(rows.rowElements(), wanted), COLUMN_STEP) * COLUMN_STEP);
    columnTasks = Math.ceilDiv(rows.rowElements(), taskColumns);
  }

  static BoundStep bind(Scatter op, StepBinding binding) {
    return new ScatterKernel(op, binding);
  }

  @Override
  public void run() {
    copy.run();
    pool.run(Math.toIntExact(laneTasks * columnTasks), this);
  }

  /** Takes the updates of one task. */
  @Override
  public void run(int task) {
    long firstColumn = task % columnTasks * taskColumns;
    int columns = (int) Math.min(taskColumns, rows.rowElements() - firstColumn);
    long firstLane = task / columnTasks * taskLanes;
    long endLane = Math.min(firstLane + taskLanes, lanes);
    long countOuter = rows.countOuter();
    for (long lane = firstLane; lane < endLane; lane++) {
      long batch = lane / countOuter;
      long outer = lane % countOuter;
      long offset = rows.outerOffset(outer) + firstColumn;
      long end = (batch + 1) * rows.tuplesInBatch();
      for (long tuple = batch * rows.tuplesInBatch(); tuple < end; tuple++) {
        long row = rows.row(tuple);
        if (row >= 0) {
          long from = (tuple * countOuter + outer) * rows.rowElements() + firstColumn;
          combine(row + offset, from, columns);
        }
      }
    }
  }

  private void combine(long to, long from, int columns) {
    switch (kind) {
      case SET -> {
        int size = dtype.sizeBytes();
        if (columns == 1 && size == 4) {
          result.set(Elements.INT, 4 * to, updates.get(Elements.INT, 4 * from));
        } else {
          MemorySegment.copy(updates, size * from, result, size * to, (long) size * columns);
        }
      }
      case ADD -> {
        if (dtype == DType.F32) {
          addFloats(4 * to, 4 * from, columns);
        } else {
          combineAny(to, from, columns);
        }
      }
      case MAX, MIN -> combineAny(to, from, columns);
    }
  }

  private void addFloats(long to, long from, int columns) {
    for (int i = 0; i < columns; i++) {
      float sum =
          result.get(Elements.FLOAT, to + 4L * i) + updates.get(Elements.FLOAT, from + 4L * i);
      result.set(Elements.FLOAT, to + 4L * i, sum);
    }
  }

  private void combineAny(long to, long from, int columns) {
    for (int i = 0; i < columns; i++) {
      if (dtype.isFloat()) {
        double old = Elements.get(dtype, result, to + i);
        double update = Elements.get(dtype, updates, from + i);
        double combined =
            switch (kind) {
              case SET -> update;
              case ADD -> old + update;
              case MAX -> Math.max(old, update);
              case MIN -> Math.min(old, update);
            };
        Elements.set(dtype, result, to + i, combined);
      } else {
        long old = Elements.getInteger(dtype, result, to + i);
        long update = Elements.getInteger(dtype, updates, from + i);
        long combined =
            switch (kind) {
              case SET -> update;
              case ADD -> old + update;
              case MAX -> Math.max(old, update);
              case MIN -> Math.min(old, update);
            };
        Elements.setInteger(dtype, result, to + i, combined);
      }
    }
  }
}
