package dev.dlm.cpu.step;

import dev.dlm.ir.TensorType;
import dev.dlm.runtime.parallel.WorkerPool;

/**
 * The lines of a tensor along an axis: line {@code i} begins at {@link #first} and takes a step of
 * {@code stride} elements. Neighbouring lines share cache lines, so that tasks hold neighbours.
 */
record Lines(long count, int length, long stride) {
  /** At least so many elements make a task. */
  private static final long TASK_ELEMENTS = 1 << 14;

  /** The element positions that a task goes through. */
  @FunctionalInterface
  interface Range {
    /**
     * Does some lines.
     *
     * @param task the number of the task
     * @param begin the first line
     * @param end the line behind the last one
     */
    void run(int task, long begin, long end);
  }

  static Lines of(TensorType type, int axis) {
    long stride = 1;
    for (int i = axis + 1; i < type.rank(); i++) {
      stride *= type.dim(i).asLong();
    }
    long count = stride;
    for (int i = 0; i < axis; i++) {
      count *= type.dim(i).asLong();
    }
    return new Lines(count, Math.toIntExact(type.dim(axis).asLong()), stride);
  }

  /** The position of a line's first element. */
  long first(long line) {
    return line / stride * stride * length + line % stride;
  }

  /** How many tasks share the lines. */
  int countTasks(WorkerPool pool) {
    long elements = count * length;
    return Math.toIntExact(
        Math.min(count, Math.clamp(elements / TASK_ELEMENTS, 1, pool.threads())));
  }

  /** What runs task {@code index} of {@code tasks}. */
  WorkerPool.Task shared(int tasks, Range range) {
    return index -> range.run(index, count * index / tasks, count * (index + 1) / tasks);
  }
}
