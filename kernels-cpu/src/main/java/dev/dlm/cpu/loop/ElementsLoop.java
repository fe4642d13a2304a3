package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.Mode;
import dev.dlm.runtime.parallel.WorkerPool;

/** A loop without folds: the innermost loop runs along the last axis, tasks take lines of it. */
public final class ElementsLoop extends BoundLoop implements WorkerPool.Task {
  private static final int BLOCK = 0;

  /** Iterations of a line beyond which it is cut. */
  private static final int LONGEST_LINE = 2 * TASK_ITERATIONS;

  private final long lineSize;
  private final long lines;
  private final long piecesPerLine;
  private final long unitsPerTask;
  private final int tasks;

  ElementsLoop(Binding binding, IterationSpace space) {
    this(binding, space.rank() == 0 ? space.withUnitAxis(0, false) : space, true);
  }

  private ElementsLoop(Binding binding, IterationSpace space, boolean hasAxes) {
    super(binding, space, space.rank() - 2, space.rank() - 1, Mode.ELEMENTS);
    lineSize = space.size(innerAxis);
    lines = hasAxes && lineSize > 0 ? space.count(0, innerAxis) : 0;
    piecesPerLine = lineSize > LONGEST_LINE ? Math.ceilDiv(lineSize, TASK_ITERATIONS) : 1;
    unitsPerTask = piecesPerLine > 1 ? 1 : Math.max(1, TASK_ITERATIONS / Math.max(1, lineSize));
    tasks = isShared() ? Math.toIntExact(Math.ceilDiv(lines * piecesPerLine, unitsPerTask)) : 1;
  }

  /** The space with the axis last along which most accesses go to neighbours. */
  static IterationSpace reordered(IterationSpace space, LoopStructure structure) {
    int best = space.rank() - 1;
    for (int axis = space.rank() - 2; axis >= 0; axis--) {
      if (score(space, structure, axis) > score(space, structure, best)) {
        best = axis;
      }
    }
    return best == space.rank() - 1 ? space : space.withAxisMoved(best, space.rank() - 1).merged();
  }

  private static int score(IterationSpace space, LoopStructure structure, int axis) {
    int score = 0;
    for (int access = 0; access < structure.countAccesses(); access++) {
      long stride = space.stride(access, axis);
      score += stride == structure.dtype(access).sizeBytes() ? 2 : stride == 0 ? 1 : 0;
    }
    // A short line costs more in its beginning and end than neighbours gain.
    return space.size(axis) < 8 ? score - structure.countAccesses() : score;
  }

  @Override
  public void run() {
    if (tasks > 1) {
      pool.run(tasks, this);
    } else if (lines > 0) {
      runUnits(0, lines * piecesPerLine);
    }
  }

  /** Runs one task of {@link #run}. */
  @Override
  public void run(int index) {
    run(index, index + 1);
  }

  @Override
  public void run(int from, int to) {
    runUnits(from * unitsPerTask, Math.min(to * unitsPerTask, lines * piecesPerLine));
  }

  private void runUnits(long from, long to) {
    if (piecesPerLine == 1) {
      runRange(from * lineSize, to * lineSize);
      return;
    }
    for (long unit = from; unit < to; unit++) {
      long line = unit / piecesPerLine;
      long first = unit % piecesPerLine * TASK_ITERATIONS;
      long last = Math.min(first + TASK_ITERATIONS, lineSize);
      runRange(line * lineSize + first, line * lineSize + last);
    }
  }

  /**
   * Runs the iterations {@code from} to {@code to} (exclusive), counted in row-major order. May be
   * called by several threads at once for different iterations.
   */
  public void runRange(long from, long to) {
    if (from >= to) {
      return;
    }
    LoopState state = states.borrow();
    try {
      long first = from % lineSize;
      seek(state, origin(), 0, innerAxis, from / lineSize);
      long left = to - from;
      while (left > 0) {
        if (first > 0 || left < lineSize || isBounded(BLOCK) || innerAxis == 0) {
          long length = Math.min(left, lineSize - first);
          runPart(state, first, length);
          advance(state, 0, innerAxis, 1);
          left -= length;
          first = 0;
        } else {
          int outerAxis = innerAxis - 1;
          long whole = space.size(outerAxis) - state.counters[outerAxis];
          int count = (int) Math.min(Math.min(whole, left / lineSize), Integer.MAX_VALUE);
          runLines(state, BLOCK, 0, count, (int) lineSize, 0);
          advance(state, 0, innerAxis, count);
          left -= count * lineSize;
        }
      }
    } finally {
      states.giveBack(state);
    }
  }

  /**
   * Runs some columns of neighbouring rows, the iterations in row-major order being a matrix. May
   * be called by several threads at once for different iterations.
   *
   * @param columns of the matrix
   */
  public void runBlock(long rowStart, long rowEnd, long columns, long columnStart, long columnEnd) {
    if (columnStart == 0 && columnEnd == columns) {
      runRange(rowStart * columns, rowEnd * columns);
    } else if (columns == lineSize
        && innerAxis > 0
        && !isBounded(BLOCK)
        && columnEnd - columnStart <= LONGEST_LINE) {
      runPartOfLines(rowStart, rowEnd, columnStart, (int) (columnEnd - columnStart));
    } else {
      for (long row = rowStart; row < rowEnd; row++) {
        runRange(row * columns + columnStart, row * columns + columnEnd);
      }
    }
  }

  private void runPartOfLines(long lineStart, long lineEnd, long first, int length) {
    LoopState state = states.borrow();
    try {
      seek(state, origin(), 0, innerAxis, lineStart);
      int outerAxis = innerAxis - 1;
      long left = lineEnd - lineStart;
      while (left > 0) {
        long whole = space.size(outerAxis) - state.counters[outerAxis];
        int count = (int) Math.min(Math.min(whole, left), Integer.MAX_VALUE);
        runLines(state, BLOCK, first, count, length, 0);
        advance(state, 0, innerAxis, count);
        left -= count;
      }
    } finally {
      states.giveBack(state);
    }
  }

  private void runPart(LoopState state, long first, long length) {
    for (long done = 0; done < length; done += LONGEST_LINE) {
      int part = (int) Math.min(LONGEST_LINE, length - done);
      runLine(state, BLOCK, first + done, part, 0);
    }
  }
}
