package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;

/**
 * {@link dev.dlm.op.array.DynamicSlice} and {@link dev.dlm.op.array.DynamicUpdateSlice}: the part
 * moves in runs that are contiguous in both tensors, ranges of runs shared. An update in place
 * moves its part alone.
 */
final class PartKernel implements BoundStep, WorkerPool.Task {
  /** About so many bytes make a task. */
  private static final long TASK_BYTES = 1 << 17;

  private final MemorySegment whole;
  private final MemorySegment part;
  private final MemorySegment starts;
  private final boolean isWide;
  private final boolean writes;
  private final BoundStep before;
  private final long[] sizes;
  private final long[] strides;
  private final long[] partSizes;
  private final int outerAxes;
  private final long runElements;
  private final long countRuns;
  private final long taskRuns;
  private final RowCopy copy;
  private final WorkerPool pool;
  private long first;

  /**
   * Prepares.
   *
   * @param whole the tensor that the part is read from, or the one that it is written to
   * @param before what runs first
   */
  private PartKernel(
      StepBinding binding, int whole, int part, int starts, boolean writes, BoundStep before) {
    this.whole = binding.segment(whole);
    this.part = binding.segment(part);
    this.starts = binding.segment(starts);
    this.isWide = binding.type(starts).dtype() == DType.I64;
    this.writes = writes;
    this.before = before;
    this.pool = binding.pool();
    TensorType type = binding.type(whole);
    this.sizes = type.shape().asLongs();
    this.strides = LoopBuilder.strides(type.shape());
    this.partSizes = binding.type(part).shape().asLongs();
    int axis = sizes.length;
    long run = 1;
    while (axis > 0 && run == strides[axis - 1]) {
      run *= partSizes[--axis];
    }
    this.outerAxes = axis;
    this.runElements = run;
    long runs = run == 0 ? 0 : 1;
    for (int i = 0; i < axis; i++) {
      runs *= partSizes[i];
    }
    this.countRuns = runs;
    this.copy = RowCopy.of(type.dtype().sizeBytes(), run);
    this.taskRuns = Math.max(1, TASK_BYTES / (copy.rowBytes() + 16));
  }

  static BoundStep read(StepBinding binding) {
    return new PartKernel(binding, 0, 2, 1, false, () -> {});
  }

  static BoundStep write(StepBinding binding) {
    TensorCopy before = new TensorCopy(binding.segment(0), binding.segment(3), binding.pool());
    return new PartKernel(binding, 3, 1, 2, true, before);
  }

  @Override
  public void run() {
    before.run();
    first = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      long start =
          isWide ? starts.get(Elements.LONG, 8L * axis) : starts.get(Elements.INT, 4L * axis);
      first += Math.clamp(start, 0, sizes[axis] - partSizes[axis]) * strides[axis];
    }
    pool.run(Math.toIntExact(Math.ceilDiv(countRuns, taskRuns)), this);
  }

  /** Moves the runs of one task. */
  @Override
  public void run(int index) {
    long end = Math.min((index + 1) * taskRuns, countRuns);
    for (long run = index * taskRuns; run < end; run++) {
      long at = first;
      long rest = run;
      for (int axis = outerAxes - 1; axis >= 0; axis--) {
        at += rest % partSizes[axis] * strides[axis];
        rest /= partSizes[axis];
      }
      if (writes) {
        copy.copy(part, run * runElements, whole, at);
      } else {
        copy.copy(whole, at, part, run * runElements);
      }
    }
  }
}
