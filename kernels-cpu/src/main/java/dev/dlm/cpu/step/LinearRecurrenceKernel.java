package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.op.array.LinearRecurrence;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/** {@link LinearRecurrence}: each line from its one end to the other, lines shared. */
final class LinearRecurrenceKernel implements BoundStep {
  private final DType dtype;
  private final Lines lines;
  private final boolean reverse;
  private final long step;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment result;
  private final WorkerPool pool;
  private final int tasks;
  private final WorkerPool.Task task;

  private LinearRecurrenceKernel(LinearRecurrence op, StepBinding binding) {
    dtype = binding.type(0).dtype();
    lines = Lines.of(binding.type(0), op.axis());
    reverse = op.reverse();
    step = reverse ? -lines.stride() : lines.stride();
    a = binding.segment(0);
    b = binding.segment(1);
    result = binding.segment(2);
    pool = binding.pool();
    tasks = lines.countTasks(pool);
    task = lines.shared(tasks, this::run);
  }

  static BoundStep bind(LinearRecurrence op, StepBinding binding) {
    return new LinearRecurrenceKernel(op, binding);
  }

  @Override
  public void run() {
    pool.run(tasks, task);
  }

  private void run(int index, long begin, long end) {
    for (long line = begin; line < end; line++) {
      long first = lines.first(line) + (reverse ? (lines.length() - 1) * lines.stride() : 0);
      switch (dtype) {
        case F32 -> floats(first);
        case F64 -> doubles(first);
        case F16, BF16 -> narrowFloats(first);
        case I64, I32, I8, U8, BOOL -> throw new IllegalArgumentException(dtype + " is no float");
      }
    }
  }

  private void floats(long first) {
    float y = 0;
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      y = Math.fma(a.get(Elements.FLOAT, 4 * at), y, b.get(Elements.FLOAT, 4 * at));
      result.set(Elements.FLOAT, 4 * at, y);
    }
  }

  private void narrowFloats(long first) {
    float y = 0;
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      y = Math.fma((float) Elements.get(dtype, a, at), y, (float) Elements.get(dtype, b, at));
      Elements.set(dtype, result, at, y);
    }
  }

  private void doubles(long first) {
    double y = 0;
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      y = Math.fma(a.get(Elements.DOUBLE, 8 * at), y, b.get(Elements.DOUBLE, 8 * at));
      result.set(Elements.DOUBLE, 8 * at, y);
    }
  }
}
