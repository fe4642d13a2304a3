package dev.dlm.cpu.step;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/** Brings a whole tensor to the memory of a result; does nothing where it has these bytes. */
final class TensorCopy implements BoundStep, WorkerPool.Task {
  private static final long TASK_BYTES = 1 << 20;

  private final MemorySegment source;
  private final MemorySegment target;
  private final WorkerPool pool;
  private final int tasks;

  TensorCopy(MemorySegment source, MemorySegment target, WorkerPool pool) {
    this.source = source;
    this.target = target;
    this.pool = pool;
    boolean isInPlace = source.address() == target.address();
    this.tasks = isInPlace ? 0 : Math.toIntExact(Math.ceilDiv(source.byteSize(), TASK_BYTES));
  }

  @Override
  public void run() {
    pool.run(tasks, this);
  }

  /** Copies one piece. */
  @Override
  public void run(int index) {
    long from = index * TASK_BYTES;
    MemorySegment.copy(source, from, target, from, Math.min(TASK_BYTES, source.byteSize() - from));
  }
}
