package dev.dlm.cpu.step;

import dev.dlm.op.array.Gather;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/** {@link Gather}: rows copied one after the other, ranges of rows shared. */
final class GatherKernel implements BoundStep, WorkerPool.Task {
  /** About so many bytes make a task. */
  private static final long TASK_BYTES = 1 << 17;

  private final IndexedRows rows;
  private final RowCopy copy;
  private final MemorySegment x;
  private final MemorySegment result;
  private final long countRows;
  private final long taskRows;
  private final WorkerPool pool;

  private GatherKernel(Gather op, StepBinding binding) {
    x = binding.segment(0);
    result = binding.segment(2);
    rows =
        new IndexedRows(
            op.batch(), op.axes(), binding.type(0), binding.type(1), binding.segment(1));
    copy = RowCopy.of(binding.type(0).dtype().sizeBytes(), rows.rowElements());
    countRows =
        rows.rowElements() == 0
            ? 0
            : rows.countBatches() * rows.tuplesInBatch() * rows.countOuter();
    taskRows = Math.max(1, TASK_BYTES / (copy.rowBytes() + 16));
    pool = binding.pool();
  }

  static BoundStep bind(Gather op, StepBinding binding) {
    return new GatherKernel(op, binding);
  }

  @Override
  public void run() {
    pool.run(Math.toIntExact(Math.ceilDiv(countRows, taskRows)), this);
  }

  /** Copies the rows of one task. */
  @Override
  public void run(int index) {
    long first = index * taskRows;
    long end = Math.min(first + taskRows, countRows);
    long countOuter = rows.countOuter();
    long tuple = first / countOuter;
    long outer = first % countOuter;
    long base = rows.nearestRow(tuple);
    for (long row = first; row < end; row++) {
      copy.copy(x, base + rows.outerOffset(outer), result, row * rows.rowElements());
      if (++outer == countOuter && row + 1 < end) {
        outer = 0;
        base = rows.nearestRow(++tuple);
      }
    }
  }
}
