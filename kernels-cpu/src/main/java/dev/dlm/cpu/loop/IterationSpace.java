package dev.dlm.cpu.loop;

import dev.dlm.ir.Dim;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The axes of a loop kernel for one binding of sizes, with everything that is linear in the
 * indices: the accesses in bytes, then the indices that instructions ask for, then the bounds that
 * do not hold everywhere. By loops: the start of a service would pay for the class of each lambda.
 * Immutable.
 */
final class IterationSpace {
  private final long[] sizes;
  private final int countRows;
  private final long[] offsets;
  private final long[][] strides;
  private final int countAccesses;
  private final List<Integer> indexAxes;
  private final int[] boundAccesses;
  private final long[] boundExtents;

  private IterationSpace(
      long[] sizes,
      int countRows,
      long[] offsets,
      long[][] strides,
      int countAccesses,
      List<Integer> indexAxes,
      int[] boundAccesses,
      long[] boundExtents) {
    this.sizes = sizes;
    this.countRows = countRows;
    this.offsets = offsets;
    this.strides = strides;
    this.countAccesses = countAccesses;
    this.indexAxes = indexAxes;
    this.boundAccesses = boundAccesses;
    this.boundExtents = boundExtents;
  }

  /**
   * The space of a kernel as it is written.
   *
   * @param elementBytes bytes of an element of each operand
   */
  static IterationSpace of(LoopKernel kernel, Sizes binding, int[] elementBytes) {
    long[] sizes = evaluate(kernel.axes(), binding, 1);
    List<Integer> indexAxes = indexAxes(kernel);
    List<long[]> strides = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    for (Access access : kernel.accesses()) {
      int bytes = elementBytes[access.operand()];
      offsets.add(binding.of(access.offset()) * bytes);
      strides.add(evaluate(access.strides(), binding, bytes));
    }
    for (int axis : indexAxes) {
      long[] unit = new long[sizes.length];
      unit[axis] = 1;
      offsets.add(0L);
      strides.add(unit);
    }
    List<Integer> boundAccesses = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    for (int i = 0; i < kernel.accesses().size(); i++) {
      for (Access.Bound bound : kernel.accesses().get(i).bounds()) {
        long offset = binding.of(bound.offset());
        long[] coefficients = evaluate(bound.coefficients(), binding, 1);
        long extent = binding.of(bound.extent());
        if (!holdsEverywhere(sizes, offset, coefficients, extent)) {
          offsets.add(offset);
          strides.add(coefficients);
          boundAccesses.add(i);
          extents.add(extent);
        }
      }
    }
    return new IterationSpace(
        sizes,
        kernel.hasFolds() ? kernel.rows().size() : 0,
        longs(offsets),
        strides.toArray(new long[0][]),
        kernel.accesses().size(),
        indexAxes,
        ints(boundAccesses),
        longs(extents));
  }

  private static List<Integer> indexAxes(LoopKernel kernel) {
    Set<Integer> axes = new TreeSet<>();
    for (Block block : kernel.blocks()) {
      for (Instruction instruction : block.instructions()) {
        if (instruction instanceof Instruction.Index index) {
          axes.add(index.axis());
        }
      }
    }
    return List.copyOf(axes);
  }

  private static long[] evaluate(List<Dim> dims, Sizes binding, long factor) {
    long[] values = new long[dims.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = binding.of(dims.get(i)) * factor;
    }
    return values;
  }

  private static long[] longs(List<Long> values) {
    long[] longs = new long[values.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = values.get(i);
    }
    return longs;
  }

  private static int[] ints(List<Integer> values) {
    int[] ints = new int[values.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = values.get(i);
    }
    return ints;
  }

  /** Whether a form stays between 0 and {@code last}; so it does where there are no iterations. */
  boolean isInside(int form, long last) {
    for (long size : sizes) {
      if (size == 0) {
        return true;
      }
    }
    return holdsEverywhere(sizes, offsets[form], strides[form], last + 1);
  }

  private static boolean holdsEverywhere(
      long[] sizes, long offset, long[] coefficients, long extent) {
    long least = offset;
    long most = offset;
    for (int axis = 0; axis < sizes.length; axis++) {
      // What does not vary along an empty axis runs nevertheless.
      long change = coefficients[axis] * Math.max(0, sizes[axis] - 1);
      least += Math.min(change, 0);
      most += Math.max(change, 0);
    }
    return least >= 0 && most < extent;
  }

  int rank() {
    return sizes.length;
  }

  long size(int axis) {
    return sizes[axis];
  }

  /** The number of leading axes that are rows; none for a kernel without folds. */
  int countRows() {
    return countRows;
  }

  /** Iterations along the axes {@code from} (inclusive) to {@code to} (exclusive). */
  long count(int from, int to) {
    long count = 1;
    for (int axis = from; axis < to; axis++) {
      count = Math.multiplyExact(count, sizes[axis]);
    }
    return count;
  }

  /** The number of linear forms. */
  int countForms() {
    return offsets.length;
  }

  int countAccesses() {
    return countAccesses;
  }

  /** The number of the linear form that is the index along an axis of the kernel. */
  int indexForm(int axis) {
    return countAccesses + indexAxes.indexOf(axis);
  }

  /** The value of a form where all indices are zero. */
  long offset(int form) {
    return offsets[form];
  }

  /** How a form changes along an axis. */
  long stride(int form, int axis) {
    return strides[form][axis];
  }

  /** How all forms change along an axis. */
  long[] strides(int axis) {
    long[] along = new long[strides.length];
    for (int form = 0; form < along.length; form++) {
      along[form] = strides[form][axis];
    }
    return along;
  }

  int countBounds() {
    return boundAccesses.length;
  }

  /** The number of the linear form of a bound. */
  int boundForm(int bound) {
    return countAccesses + indexAxes.size() + bound;
  }

  int boundAccess(int bound) {
    return boundAccesses[bound];
  }

  long boundExtent(int bound) {
    return boundExtents[bound];
  }

  /** Whether an access has a bound that may fail. */
  boolean isBounded(int access) {
    for (int bounded : boundAccesses) {
      if (bounded == access) {
        return true;
      }
    }
    return false;
  }

  /**
   * The same iterations in the same order with fewer axes: without those of size 1, and with
   * neighbours, both rows or both columns, made one where every form allows it.
   */
  IterationSpace merged() {
    List<long[]> axes = new ArrayList<>();
    List<Long> kept = new ArrayList<>();
    int rows = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (sizes[axis] == 1) {
        continue;
      }
      long[] along = strides(axis);
      int last = axes.size() - 1;
      boolean sameGroup = axis < countRows ? last >= 0 : last >= rows;
      if (sameGroup && isContinuation(axes.get(last), along, sizes[axis])) {
        axes.set(last, along);
        kept.set(last, kept.get(last) * sizes[axis]);
      } else {
        axes.add(along);
        kept.add(sizes[axis]);
        rows += axis < countRows ? 1 : 0;
      }
    }
    return withAxes(axes, kept, rows);
  }

  private static boolean isContinuation(long[] outer, long[] inner, long innerSize) {
    for (int form = 0; form < outer.length; form++) {
      if (outer[form] != inner[form] * innerSize) {
        return false;
      }
    }
    return true;
  }

  /** The same iterations with one axis moved behind another place; not for columns of folds. */
  IterationSpace withAxisMoved(int axis, int to) {
    List<long[]> axes = new ArrayList<>();
    List<Long> moved = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      axes.add(strides(i));
      moved.add(sizes[i]);
    }
    axes.add(to, axes.remove(axis));
    moved.add(to, moved.remove(axis));
    return withAxes(axes, moved, countRows);
  }

  /** With an axis of size 1 put in before place {@code at}. */
  IterationSpace withUnitAxis(int at, boolean asRow) {
    List<long[]> axes = new ArrayList<>();
    List<Long> extended = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      axes.add(strides(i));
      extended.add(sizes[i]);
    }
    axes.add(at, new long[offsets.length]);
    extended.add(at, 1L);
    return withAxes(axes, extended, countRows + (asRow ? 1 : 0));
  }

  private IterationSpace withAxes(List<long[]> axes, List<Long> newSizes, int rows) {
    long[][] turned = new long[offsets.length][axes.size()];
    for (int axis = 0; axis < axes.size(); axis++) {
      for (int form = 0; form < turned.length; form++) {
        turned[form][axis] = axes.get(axis)[form];
      }
    }
    return new IterationSpace(
        longs(newSizes),
        rows,
        offsets,
        turned,
        countAccesses,
        indexAxes,
        boundAccesses,
        boundExtents);
  }
}
