package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.op.array.Cumulative;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/** {@link Cumulative}: each line from its one end to the other, lines shared. */
final class CumulativeKernel implements BoundStep {
  private final Cumulative op;
  private final DType dtype;
  private final Lines lines;
  private final long step;
  private final MemorySegment x;
  private final MemorySegment result;
  private final WorkerPool pool;
  private final int tasks;
  private final WorkerPool.Task task;

  private CumulativeKernel(Cumulative op, StepBinding binding) {
    this.op = op;
    dtype = binding.type(0).dtype();
    lines = Lines.of(binding.type(0), op.axis());
    step = op.reverse() ? -lines.stride() : lines.stride();
    x = binding.segment(0);
    result = binding.segment(1);
    pool = binding.pool();
    tasks = lines.countTasks(pool);
    task = lines.shared(tasks, this::run);
  }

  static BoundStep bind(Cumulative op, StepBinding binding) {
    return new CumulativeKernel(op, binding);
  }

  @Override
  public void run() {
    pool.run(tasks, task);
  }

  private void run(int index, long begin, long end) {
    for (long line = begin; line < end; line++) {
      long first = lines.first(line) + (op.reverse() ? (lines.length() - 1) * lines.stride() : 0);
      switch (dtype) {
        case F32 -> floats(first);
        case F64 -> doubles(first);
        case F16, BF16 -> narrowFloats(first);
        case I64, I32, I8, U8 -> integers(first);
        case BOOL -> throw new IllegalArgumentException("booleans do not accumulate");
      }
    }
  }

  private void floats(long first) {
    float sum = (float) op.kind().identity();
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      float next = combined(sum, x.get(Elements.FLOAT, 4 * at));
      result.set(Elements.FLOAT, 4 * at, op.exclusive() ? sum : next);
      sum = next;
    }
  }

  private void narrowFloats(long first) {
    float sum = (float) op.kind().identity();
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      float next = combined(sum, (float) Elements.get(dtype, x, at));
      Elements.set(dtype, result, at, op.exclusive() ? sum : next);
      sum = next;
    }
  }

  private float combined(float sum, float element) {
    return switch (op.kind()) {
      case SUM -> sum + element;
      case PRODUCT -> sum * element;
      case MAX -> Math.max(sum, element);
    };
  }

  private void doubles(long first) {
    double sum = op.kind().identity();
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      double element = x.get(Elements.DOUBLE, 8 * at);
      double next =
          switch (op.kind()) {
            case SUM -> sum + element;
            case PRODUCT -> sum * element;
            case MAX -> Math.max(sum, element);
          };
      result.set(Elements.DOUBLE, 8 * at, op.exclusive() ? sum : next);
      sum = next;
    }
  }

  private void integers(long first) {
    long sum = op.kind().integerIdentity(dtype);
    long at = first;
    for (int i = 0; i < lines.length(); i++, at += step) {
      long element = Elements.getInteger(dtype, x, at);
      long next =
          switch (op.kind()) {
            case SUM -> sum + element;
            case PRODUCT -> sum * element;
            case MAX -> Math.max(sum, element);
          };
      Elements.setInteger(dtype, result, at, op.exclusive() ? sum : next);
      sum = next;
    }
  }
}
