package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.op.array.Sort;
import dev.dlm.op.array.TopK;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * {@link Sort} and {@link TopK}: a stable order of each line, lines shared, each task with scratch
 * memory of its own.
 */
final class SortKernel implements BoundStep {
  private final boolean descending;
  private final DType dtype;
  private final Lines from;
  private final Lines to;
  private final MemorySegment x;
  private final MemorySegment values;
  private final MemorySegment indices;
  private final WorkerPool pool;
  private final int tasks;
  private final WorkerPool.Task task;
  private final StableOrder[] orders;

  private SortKernel(int axis, boolean descending, StepBinding binding) {
    this.descending = descending;
    dtype = binding.type(0).dtype();
    from = Lines.of(binding.type(0), axis);
    to = Lines.of(binding.type(1), axis);
    x = binding.segment(0);
    values = binding.segment(1);
    indices = binding.segment(2);
    pool = binding.pool();
    tasks = from.countTasks(pool);
    task = from.shared(tasks, this::run);
    orders = new StableOrder[tasks];
    for (int i = 0; i < tasks; i++) {
      orders[i] = new StableOrder(from.length(), keyBytes(dtype));
      binding.countScratch(orders[i].sizeBytes());
    }
  }

  static BoundStep bind(Sort op, StepBinding binding) {
    return new SortKernel(op.axis(), op.descending(), binding);
  }

  static BoundStep bind(TopK op, StepBinding binding) {
    return new SortKernel(op.axis(), true, binding);
  }

  @Override
  public void run() {
    pool.run(tasks, task);
  }

  private void run(int index, long begin, long end) {
    StableOrder order = orders[index];
    for (long line = begin; line < end; line++) {
      long first = from.first(line);
      for (int i = 0; i < from.length(); i++) {
        order.setKey(i, key(first + i * from.stride()));
      }
      order.sort();
      long target = to.first(line);
      for (int i = 0; i < to.length(); i++, target += to.stride()) {
        int source = order.indexAt(i);
        indices.set(Elements.INT, 4 * target, source);
        copy(first + source * from.stride(), target);
      }
    }
  }

  private void copy(long source, long target) {
    switch (dtype.sizeBytes()) {
      case 8 -> values.set(Elements.LONG, 8 * target, x.get(Elements.LONG, 8 * source));
      case 4 -> values.set(Elements.INT, 4 * target, x.get(Elements.INT, 4 * source));
      case 2 -> values.set(Elements.SHORT, 2 * target, x.get(Elements.SHORT, 2 * source));
      default ->
          Elements.setInteger(DType.U8, values, target, Elements.getInteger(DType.U8, x, source));
    }
  }

  private static int keyBytes(DType dtype) {
    return switch (dtype) {
      case F64, I64 -> 8;
      case F32, F16, BF16, I32 -> 4;
      case I8, U8, BOOL -> 1;
    };
  }

  /** A number whose unsigned order, in as many bytes as {@link #keyBytes}, is that of elements. */
  private long key(long position) {
    return switch (dtype) {
      case F32 -> floatKey(x.get(Elements.FLOAT, 4 * position));
      case F16, BF16 -> floatKey((float) Elements.get(dtype, x, position));
      case F64 -> doubleKey(x.get(Elements.DOUBLE, 8 * position));
      case I64 -> directed(Elements.getInteger(dtype, x, position) ^ Long.MIN_VALUE, -1L);
      case I32 -> directed(Elements.getInteger(dtype, x, position) ^ 0x80000000L, 0xFFFFFFFFL);
      case I8 -> directed(Elements.getInteger(dtype, x, position) ^ 0x80, 0xFF);
      case U8 -> directed(Elements.getInteger(dtype, x, position), 0xFF);
      case BOOL -> throw new IllegalArgumentException("booleans have no order");
    };
  }

  private long directed(long ascending, long mask) {
    return (descending ? ~ascending : ascending) & mask;
  }

  private long floatKey(float element) {
    if (Float.isNaN(element)) {
      return 0xFFFFFFFFL;
    }
    // Adding 0 makes 0 of −0.
    int bits = Float.floatToRawIntBits(element + 0f);
    return directed(bits < 0 ? ~bits : bits ^ 0x80000000, 0xFFFFFFFFL);
  }

  private long doubleKey(double element) {
    if (Double.isNaN(element)) {
      return -1L;
    }
    long bits = Double.doubleToRawLongBits(element + 0.0);
    return directed(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE, -1L);
  }
}
