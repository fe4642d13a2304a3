package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.nn.WindowGeometry;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * {@link SelectAndScatter} and {@link SelectAndGather} for any rank and element type, one window
 * after the other.
 */
final class SelectKernel implements BoundStep {
  private final DType dtype;
  private final boolean isMax;
  private final boolean scatters;
  private final long[] sizes;
  private final long[] windows;
  private final long[] windowSizes;
  private final long[] strides;
  private final long[] padLow;
  private final MemorySegment x;
  private final MemorySegment source;
  private final MemorySegment result;
  private final long[] window;
  private final long[] within;

  private SelectKernel(
      StepBinding binding, Reduce.Kind kind, WindowGeometry geometry, boolean scatters) {
    TensorType operand = binding.type(0);
    this.dtype = operand.dtype();
    this.isMax = kind == Reduce.Kind.MAX;
    this.scatters = scatters;
    this.sizes = operand.shape().asLongs();
    this.windows = binding.type(scatters ? 1 : 2).shape().asLongs();
    this.windowSizes = array(geometry.sizes());
    this.strides = array(geometry.strides());
    this.padLow = array(geometry.padLow());
    this.x = binding.segment(0);
    this.source = binding.segment(1);
    this.result = binding.segment(2);
    this.window = new long[sizes.length];
    this.within = new long[sizes.length];
  }

  static BoundStep scatter(SelectAndScatter op, StepBinding binding) {
    return new SelectKernel(binding, op.kind(), op.window(), true);
  }

  static BoundStep gather(SelectAndGather op, StepBinding binding) {
    return new SelectKernel(binding, op.kind(), op.window(), false);
  }

  private static long[] array(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public void run() {
    if (scatters) {
      result.fill((byte) 0);
    }
    Arrays.fill(window, 0);
    long count = 1;
    for (long size : windows) {
      count *= size;
    }
    for (long i = 0; i < count; i++) {
      long selected = select();
      if (scatters) {
        if (selected >= 0) {
          double sum = Elements.get(dtype, result, selected) + Elements.get(dtype, source, i);
          Elements.set(dtype, result, selected, sum);
        }
      } else {
        Elements.set(dtype, result, i, selected < 0 ? 0 : Elements.get(dtype, source, selected));
      }
      next(window, windows);
    }
  }

  /** The position of the window's first extreme element, or −1. */
  private long select() {
    Arrays.fill(within, 0);
    long best = -1;
    double bestValue = 0;
    do {
      long position = position();
      if (position >= 0) {
        double value = Elements.get(dtype, x, position);
        if (best < 0 || isMoreExtreme(value, bestValue)) {
          best = position;
          bestValue = value;
        }
      }
    } while (next(within, windowSizes));
    return best;
  }

  private long position() {
    long position = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      long at = window[axis] * strides[axis] - padLow[axis] + within[axis];
      if (at < 0 || at >= sizes[axis]) {
        return -1;
      }
      position = position * sizes[axis] + at;
    }
    return position;
  }

  private boolean isMoreExtreme(double candidate, double best) {
    if (Double.isNaN(candidate) || Double.isNaN(best)) {
      return !Double.isNaN(best);
    }
    return isMax ? candidate > best : candidate < best;
  }

  private static boolean next(long[] counters, long[] limits) {
    for (int axis = counters.length - 1; axis >= 0; axis--) {
      if (++counters[axis] < limits[axis]) {
        return true;
      }
      counters[axis] = 0;
    }
    return false;
  }
}
