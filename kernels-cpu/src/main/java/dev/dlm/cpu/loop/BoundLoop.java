package dev.dlm.cpu.loop;

import dev.dlm.cpu.ObjectPool;
import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.plan.Access;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A loop kernel over given memory for one binding of sizes. Running it allocates nothing. Used for
 * one run at a time; that run is shared among the threads of the pool where it is worth it.
 */
public abstract sealed class BoundLoop permits ElementsLoop, ColumnsLoop, WholeRowsLoop, RowsLoop {
  /** Operations below which a run stays on the caller's thread. */
  static final long LEAST_SHARED_OPERATIONS = 1 << 17;

  /** Iterations that a task has at least. */
  static final int TASK_ITERATIONS = 8192;

  final LoopStructure structure;
  final IterationSpace space;
  final int innerAxis;
  final WorkerPool pool;
  final BlockCode[] blocks;
  final ObjectPool<LoopState> states;
  private final boolean isShared;
  private final boolean[] bounded;
  private final long[] offsets;
  private final long[][] axisStrides;
  private final boolean isRows;
  private final boolean isColumns;
  private final long stateBytes;

  /** Kept alive with the loop: generated code knows their addresses alone. */
  private final List<MemorySegment> segments;

  private final int countStates;

  BoundLoop(Binding binding, IterationSpace space, int outerAxis, int innerAxis, Mode mode) {
    this(binding, space, outerAxis, innerAxis, mode, 1, 1);
  }

  BoundLoop(
      Binding binding,
      IterationSpace space,
      int outerAxis,
      int innerAxis,
      Mode mode,
      int laneStride,
      int countResults) {
    this.structure = binding.structure();
    this.space = space;
    this.innerAxis = innerAxis;
    this.pool = binding.pool();
    this.isRows = mode == Mode.ROWS;
    this.isColumns = mode == Mode.COLUMNS;
    List<BlockShape> shapes = structure.shapes(space, innerAxis, mode);
    this.blocks = new BlockCode[shapes.size()];
    this.bounded = new boolean[blocks.length];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = binding.codes().apply(shapes.get(i));
      for (BlockShape.AccessShape access : shapes.get(i).accesses()) {
        bounded[i] |= access.bounded();
      }
    }
    this.offsets = new long[space.countForms()];
    this.segments = binding.segments();
    for (int form = 0; form < offsets.length; form++) {
      offsets[form] = space.offset(form) + (form < segments.size() ? address(form) : 0);
    }
    this.axisStrides = new long[space.rank()][];
    for (int axis = 0; axis < axisStrides.length; axis++) {
      axisStrides[axis] = space.strides(axis);
    }
    long[] outerSteps = outerAxis < 0 ? new long[offsets.length] : axisStrides[outerAxis];
    long[] parameters = new long[binding.parameters().size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = binding.parameters().get(i);
    }
    FoldArithmetic folds = structure.folds();
    this.isShared =
        pool.threads() > 1
            && space.count(0, space.rank()) * structure.countOperations()
                >= LEAST_SHARED_OPERATIONS;
    this.countStates = isShared ? pool.threads() : 1;
    Supplier<LoopState> maker =
        () ->
            new LoopState(
                segments.size(),
                outerSteps,
                axisStrides[innerAxis],
                parameters,
                space.rank(),
                laneStride,
                new FoldArrays(folds.dtypes(), LoopKernel.FOLD_LANES * laneStride),
                new FoldArrays(folds.dtypes(), countResults));
    this.states = new ObjectPool<>(2 * pool.threads(), maker);
    for (int i = 0; i < countStates; i++) {
      states.giveBack(maker.get());
    }
    this.stateBytes =
        new FoldArrays(folds.dtypes(), LoopKernel.FOLD_LANES * laneStride).sizeBytes();
  }

  /** The address of an access' operand, in which all places of the access must lie. */
  private long address(int access) {
    MemorySegment segment = segments.get(access);
    boolean fits =
        space.isBounded(access)
            || space.isInside(access, segment.byteSize() - structure.dtype(access).sizeBytes());
    if (!segment.isNative() || !fits) {
      throw new InternalException("access " + access + " does not lie within " + segment);
    }
    return segment.address();
  }

  /** What a loop is bound to. */
  record Binding(
      LoopStructure structure,
      List<Long> parameters,
      List<MemorySegment> segments,
      WorkerPool pool,
      Function<BlockShape, BlockCode> codes) {}

  /**
   * Binds a kernel.
   *
   * @param operandTypes the element type of each operand of the step
   * @param operands the memory of each operand
   * @param pool what shares the work
   */
  public static BoundLoop bind(
      LoopKernel kernel,
      Sizes sizes,
      List<DType> operandTypes,
      List<MemorySegment> operands,
      WorkerPool pool) {
    return bind(kernel, sizes, operandTypes, operands, pool, LoopCodes::of);
  }

  /** As the public method, with given code. */
  static BoundLoop bind(
      LoopKernel kernel,
      Sizes sizes,
      List<DType> operandTypes,
      List<MemorySegment> operands,
      WorkerPool pool,
      Function<BlockShape, BlockCode> codes) {
    LoopStructure structure = new LoopStructure(kernel, operandTypes);
    Binding binding = binding(structure, sizes, operands, pool, codes);
    IterationSpace space = IterationSpace.of(kernel, sizes, structure.elementBytes()).merged();
    return kernel.hasFolds()
        ? FoldPlan.bind(binding, space)
        : new ElementsLoop(binding, ElementsLoop.reordered(space, structure));
  }

  /**
   * Binds a kernel without folds so that parts of it can be run: ranges of its iterations in
   * row-major order.
   */
  public static ElementsLoop bindInOrder(
      LoopKernel kernel,
      Sizes sizes,
      List<DType> operandTypes,
      List<MemorySegment> operands,
      WorkerPool pool) {
    LoopStructure structure = new LoopStructure(kernel, operandTypes);
    Binding binding = binding(structure, sizes, operands, pool, LoopCodes::of);
    return new ElementsLoop(
        binding, IterationSpace.of(kernel, sizes, structure.elementBytes()).merged());
  }

  private static Binding binding(
      LoopStructure structure,
      Sizes sizes,
      List<MemorySegment> operands,
      WorkerPool pool,
      Function<BlockShape, BlockCode> codes) {
    List<Long> parameters = new ArrayList<>();
    for (Dim parameter : structure.parameters()) {
      parameters.add(sizes.of(parameter));
    }
    List<MemorySegment> segments = new ArrayList<>();
    for (Access access : structure.kernel().accesses()) {
      segments.add(operands.get(access.operand()));
    }
    return new Binding(structure, parameters, segments, pool, codes);
  }

  /** Runs all iterations. */
  public abstract void run();

  /** Bytes that running needs beside the operands. */
  public final long scratchBytes() {
    return stateBytes * countStates;
  }

  /** Whether the work is enough for more than one thread. */
  final boolean isShared() {
    return isShared;
  }

  /** Sets counters and line to iteration {@code index} of some axes, in row-major order. */
  final void seek(LoopState state, long[] base, int fromAxis, int toAxis, long index) {
    System.arraycopy(base, 0, state.line, 0, base.length);
    long rest = index;
    if (rest == 0) {
      Arrays.fill(state.counters, fromAxis, toAxis, 0);
      return;
    }
    for (int axis = toAxis - 1; axis >= fromAxis; axis--) {
      long counter = rest % space.size(axis);
      rest /= space.size(axis);
      state.counters[axis] = counter;
      if (counter != 0) {
        move(state.line, axis, counter);
      }
    }
  }

  /** The positions of the linear forms where all indices are zero. */
  final long[] origin() {
    return offsets;
  }

  /** Moves counters and line on by {@code steps} along the last of some axes, with carry. */
  final void advance(LoopState state, int fromAxis, int toAxis, long steps) {
    int axis = toAxis - 1;
    long left = steps;
    while (axis >= fromAxis) {
      state.counters[axis] += left;
      move(state.line, axis, left);
      if (state.counters[axis] < space.size(axis)) {
        return;
      }
      move(state.line, axis, -state.counters[axis]);
      state.counters[axis] = 0;
      left = 1;
      axis--;
    }
  }

  private void move(long[] positions, int axis, long steps) {
    long[] strides = axisStrides[axis];
    for (int form = 0; form < positions.length; form++) {
      positions[form] += strides[form] * steps;
    }
  }

  /** Whether a block has accesses that may lie outside of their bounds. */
  final boolean isBounded(int block) {
    return bounded[block];
  }

  /**
   * Runs a block for several whole lines from the state's line on; not for bounded blocks.
   *
   * @param first the first iteration of each line
   */
  final void runLines(LoopState state, int block, long first, int outer, int inner, long column) {
    place(state, first, first, column);
    blocks[block].run(state, outer, inner);
  }

  /**
   * Runs a block for a part of the state's line, cut where accesses come in or go out of bounds.
   *
   * @param first the first iteration of the line
   * @param column the number of the column there
   */
  final void runLine(LoopState state, int block, long first, int inner, long column) {
    if (!bounded[block]) {
      runLines(state, block, first, 1, inner, column);
      return;
    }
    long end = first + inner;
    long at = first;
    while (at < end) {
      long next = findInside(state, at, end);
      place(state, first, at, column);
      blocks[block].run(state, 1, (int) (next - at));
      at = next;
    }
  }

  private void place(LoopState state, long first, long at, long column) {
    long[] strides = axisStrides[innerAxis];
    for (int form = 0; form < strides.length; form++) {
      state.positions[form] = state.line[form] + strides[form] * at;
    }
    if (isColumns) {
      state.lane = (int) ((column + at - first) & 15);
    } else if (isRows) {
      state.lane = (int) (column & 15);
      state.firstRow = (int) (at - first);
    }
  }

  /**
   * Finds for each access whether it lies inside its bounds at an iteration.
   *
   * @return up to where that stays the same, at most {@code end}
   */
  private long findInside(LoopState state, long at, long end) {
    Arrays.fill(state.inside, true);
    long next = end;
    for (int bound = 0; bound < space.countBounds(); bound++) {
      int form = space.boundForm(bound);
      long step = axisStrides[innerAxis][form];
      long extent = space.boundExtent(bound);
      long value = state.line[form] + step * at;
      boolean holds = value >= 0 && value < extent;
      state.inside[space.boundAccess(bound)] &= holds;
      if (step != 0) {
        next = Math.min(next, at + iterationsUntilChange(value, step, extent));
      }
    }
    return next;
  }

  /** How many iterations later the bound holds where it did not, or the other way round. */
  private static long iterationsUntilChange(long value, long step, long extent) {
    long ascending = step > 0 ? value : extent - 1 - value;
    long speed = Math.abs(step);
    if (ascending < 0) {
      return Math.ceilDiv(-ascending, speed);
    }
    return ascending < extent ? Math.ceilDiv(extent - ascending, speed) : Long.MAX_VALUE / 2;
  }
}
