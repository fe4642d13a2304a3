package dev.dlm.cpu.window;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Reductions of binary32 planes over two-dimensional windows, and the two maps that go with a
 * selection: the gradient, which adds to the selected elements, and its adjoint, which reads them.
 *
 * <p>The selected element of a window is the first in row-major order that is greatest (or least);
 * a NaN counts as more extreme than any number. Elements in the padding take no part; a window that
 * lies in the padding entirely reduces to the identity, and selects nothing.
 *
 * <p>Results are the same bits for any number of threads, but for the sign and payload of a NaN.
 * Immutable and thread-safe; results must not overlap operands. Offsets are those of the first
 * elements, in bytes.
 *
 * <p>Each method binds to memory once and gives what may be run again and again, by one thread at a
 * time; a run allocates nothing.
 */
public final class Window2d {

  /** About so many elements make a task. */
  private static final int TASK_ELEMENTS = 1 << 15;

  private final WindowShape shape;
  private final WindowKind kind;
  private final @Nullable HalvingPlanes halving;
  private final int taskPlanes;

  /** Prepares reductions of one shape. */
  public Window2d(WindowShape shape, WindowKind kind) {
    this(shape, kind, shape.isHalving() ? HalvingPlanes.of(shape) : null);
  }

  /**
   * As the public constructor.
   *
   * @param halving what computes windows of two by two side by side; null for windows of any kind
   */
  Window2d(WindowShape shape, WindowKind kind, @Nullable HalvingPlanes halving) {
    this.shape = shape;
    this.kind = kind;
    this.halving = halving;
    this.taskPlanes =
        (int)
            Math.clamp(
                TASK_ELEMENTS / Math.max(1, shape.inputPlane()), 1, Math.max(1, shape.planes()));
  }

  private interface PlaneKernel {
    void run(int plane);
  }

  private Runnable forEachPlane(WorkerPool pool, PlaneKernel kernel) {
    int tasks = Math.ceilDiv(shape.planes(), taskPlanes);
    WorkerPool.Task planes =
        task -> {
          int end = Math.min(shape.planes(), (task + 1) * taskPlanes);
          for (int plane = task * taskPlanes; plane < end; plane++) {
            kernel.run(plane);
          }
        };
    return () -> pool.run(tasks, planes);
  }

  private interface StackKernel {
    /**
     * Computes planes one below the other.
     *
     * @param stack the windows of all of them
     */
    void run(WindowShape stack, int firstPlane);
  }

  /** As many planes at a time as a task has, or each by itself if their last row has no window. */
  private Runnable forEachStack(WorkerPool pool, StackKernel kernel) {
    int most = 2 * shape.outputHeight() == shape.height() ? taskPlanes : 1;
    WindowShape whole = shape.stacked(Math.min(most, shape.planes()));
    WindowShape last = shape.stacked(shape.planes() % most);
    int stacks = Math.ceilDiv(shape.planes(), most);
    WorkerPool.Task task =
        stack -> kernel.run((stack + 1) * most <= shape.planes() ? whole : last, stack * most);
    return () -> pool.run(stacks, task);
  }

  /** Reduces each window of {@code x} to one element of {@code y}. */
  public Runnable reduce(
      MemorySegment x, long xOffset, MemorySegment y, long yOffset, WorkerPool pool) {
    return halving != null
        ? forEachStack(pool, halvingReduction(halving, input(x, xOffset), output(y, yOffset)))
        : forEachPlane(
            pool,
            plane ->
                reducePlane(
                    x,
                    xOffset + 4 * plane * shape.inputPlane(),
                    y,
                    yOffset + 4 * plane * shape.outputPlane()));
  }

  private PlaneMemory input(MemorySegment segment, long offset) {
    return PlaneMemory.of(segment, offset, shape.planes(), shape.inputPlane());
  }

  private PlaneMemory output(MemorySegment segment, long offset) {
    return PlaneMemory.of(segment, offset, shape.planes(), shape.outputPlane());
  }

  private StackKernel halvingReduction(HalvingPlanes planes, PlaneMemory x, PlaneMemory y) {
    return switch (kind) {
      case SUM -> (stack, plane) -> planes.sum(stack, x.address(plane), y.address(plane));
      case MAX -> (stack, plane) -> planes.extreme(stack, 1, x.address(plane), y.address(plane));
      case MIN -> (stack, plane) -> planes.extreme(stack, -1, x.address(plane), y.address(plane));
    };
  }

  private void reducePlane(MemorySegment x, long from, MemorySegment y, long to) {
    if (SplitPlanes.serves(shape)) {
      SplitPlanes planes = SplitPlanes.borrow();
      try {
        planes.reduce(shape, kind, x, from, y, to);
      } finally {
        planes.giveBack();
      }
    } else {
      reduceElements(x, from, y, to);
    }
  }

  private void reduceElements(MemorySegment x, long from, MemorySegment y, long to) {
    long at = to;
    for (int row = 0; row < shape.outputHeight(); row++) {
      for (int column = 0; column < shape.outputWidth(); column++) {
        float result = kind.identity();
        for (int i = shape.top(row); i < shape.bottom(row); i++) {
          for (int j = shape.left(column); j < shape.right(column); j++) {
            result =
                kind.combine(
                    result, x.get(JAVA_FLOAT_UNALIGNED, from + 4L * (i * shape.width() + j)));
          }
        }
        y.set(JAVA_FLOAT_UNALIGNED, at, result);
        at += 4;
      }
    }
  }

  /**
   * Sets {@code dx} to zero and adds each element of {@code u} at the position that its window of
   * {@code x} selects, in row-major order of the windows.
   *
   * @throws IllegalArgumentException if the kind is a sum
   */
  public Runnable scatterToSelected(
      MemorySegment x,
      long xOffset,
      MemorySegment u,
      long uOffset,
      MemorySegment dx,
      long dxOffset,
      WorkerPool pool) {
    requireSelection();
    return halving != null
        ? forEachStack(
            pool,
            halvingScatter(halving, input(x, xOffset), output(u, uOffset), input(dx, dxOffset)))
        : forEachPlane(
            pool,
            plane ->
                scatterPlane(
                    x,
                    xOffset + 4 * plane * shape.inputPlane(),
                    u,
                    uOffset + 4 * plane * shape.outputPlane(),
                    dx,
                    dxOffset + 4 * plane * shape.inputPlane()));
  }

  private StackKernel halvingScatter(
      HalvingPlanes planes, PlaneMemory x, PlaneMemory u, PlaneMemory dx) {
    boolean isCovered =
        2 * shape.outputHeight() == shape.height() && 2 * shape.outputWidth() == shape.width();
    float sign = kind == WindowKind.MAX ? 1 : -1;
    return (stack, plane) -> {
      if (!isCovered) {
        dx.clear(plane, stack.inputPlane() / shape.inputPlane());
      }
      planes.scatter(stack, sign, x.address(plane), u.address(plane), dx.address(plane));
    };
  }

  private void scatterPlane(
      MemorySegment x, long from, MemorySegment u, long uAt, MemorySegment dx, long to) {
    dx.asSlice(to, 4 * shape.inputPlane()).fill((byte) 0);
    long at = uAt;
    for (int row = 0; row < shape.outputHeight(); row++) {
      for (int column = 0; column < shape.outputWidth(); column++) {
        int selected = select(x, from, row, column);
        if (selected >= 0) {
          long position = to + 4L * selected;
          float sum = dx.get(JAVA_FLOAT_UNALIGNED, position) + u.get(JAVA_FLOAT_UNALIGNED, at);
          dx.set(JAVA_FLOAT_UNALIGNED, position, sum);
        }
        at += 4;
      }
    }
  }

  /**
   * Sets each element of {@code y} to that of {@code v} at the position that its window of {@code
   * x} selects, or to zero where it selects none.
   *
   * @throws IllegalArgumentException if the kind is a sum
   */
  public Runnable gatherFromSelected(
      MemorySegment x,
      long xOffset,
      MemorySegment v,
      long vOffset,
      MemorySegment y,
      long yOffset,
      WorkerPool pool) {
    requireSelection();
    return forEachPlane(
        pool,
        plane -> {
          long from = xOffset + 4 * plane * shape.inputPlane();
          long source = vOffset + 4 * plane * shape.inputPlane();
          long at = yOffset + 4 * plane * shape.outputPlane();
          for (int row = 0; row < shape.outputHeight(); row++) {
            for (int column = 0; column < shape.outputWidth(); column++) {
              int selected = select(x, from, row, column);
              float value = selected < 0 ? 0 : v.get(JAVA_FLOAT_UNALIGNED, source + 4L * selected);
              y.set(JAVA_FLOAT_UNALIGNED, at, value);
              at += 4;
            }
          }
        });
  }

  private void requireSelection() {
    if (kind == WindowKind.SUM) {
      throw new IllegalArgumentException("a sum selects no element");
    }
  }

  /** The position in the plane of a window's selected element, or −1. */
  private int select(MemorySegment x, long from, int row, int column) {
    int best = -1;
    float bestValue = 0;
    for (int i = shape.top(row); i < shape.bottom(row); i++) {
      for (int j = shape.left(column); j < shape.right(column); j++) {
        int position = i * shape.width() + j;
        float value = x.get(JAVA_FLOAT_UNALIGNED, from + 4L * position);
        if (best < 0 || kind.selects(value, bestValue)) {
          best = position;
          bestValue = value;
        }
      }
    }
    return best;
  }
}
