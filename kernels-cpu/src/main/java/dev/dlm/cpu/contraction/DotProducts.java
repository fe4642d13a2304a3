package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.parallel.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * A product of a few rows with a matrix of which each column lies side by side, as dot products:
 * the matrix is read once, in its order, where tiles would have to exchange its rows and columns.
 *
 * <p>Sums have the order of a fold in {@link LoopKernel}: 16 lanes, each accumulated from +0 with
 * fused multiply-add, blocks of {@link LoopKernel#FOLD_BLOCK}, a fixed tree.
 */
final class DotProducts implements WorkerPool.Task {

  /** With more rows, tiles do more for each element that they exchange. */
  private static final int MAX_ROWS = 3;

  /** With less depth, most of the work would be to add lanes. */
  private static final int MIN_DEPTH = 64;

  /** Columns after which the epilogue is called. */
  private static final int EPILOGUE_COLUMNS = 1024;

  private static final int LANES = ColumnDots.LANES;

  private final TileSet tiles;
  private final int rows;
  private final int columns;
  private final int depth;
  private final StridedProduct.Operand a;
  private final StridedProduct.Operand b;
  private final BlockedProduct.Result result;
  private final @Nullable TileEpilogue epilogue;
  private final int groups;
  private final long units;
  private final int tasks;

  /**
   * Binds to memory.
   *
   * @param threads how many share the work
   */
  DotProducts(
      TileSet tiles,
      int batch,
      int rows,
      int columns,
      int depth,
      StridedProduct.Operand a,
      StridedProduct.Operand b,
      BlockedProduct.Result result,
      @Nullable TileEpilogue epilogue,
      int threads) {
    this.tiles = tiles;
    this.rows = rows;
    this.columns = columns;
    this.depth = depth;
    this.a = a;
    this.b = b;
    this.result = result;
    this.epilogue = epilogue;
    groups = Math.ceilDiv(columns, ColumnDots.COLUMNS);
    units = (long) batch * groups;
    long work = (long) batch * rows * columns * depth;
    long most = threads == 1 ? 1 : Math.min(units, (long) Blocking.TASKS_OF_A_THREAD * threads);
    tasks = (int) Math.clamp(work / Blocking.MIN_SHARED_WORK, 1, most);
  }

  /** Whether a product is computed so: part of its meaning. */
  static boolean serves(ElementKind element, int rows, int depth, MatrixLayout a, MatrixLayout b) {
    return element == ElementKind.F32
        && rows <= MAX_ROWS
        && depth >= MIN_DEPTH
        && a.columnStride() == 1
        && b.rowStride() == 1;
  }

  void runOn(WorkerPool pool) {
    pool.run(tasks, this);
  }

  @Override
  public void run(int task) {
    long unit = units * task / tasks;
    long end = units * (task + 1) / tasks;
    Scratch scratch = Scratch.borrow(ElementKind.F32);
    try {
      while (unit < end) {
        int batch = (int) (unit / groups);
        int group = (int) (unit % groups);
        int most = Math.min(groups - group, EPILOGUE_COLUMNS / ColumnDots.COLUMNS);
        int count = (int) Math.min(most, end - unit);
        int columnStart = group * ColumnDots.COLUMNS;
        int columnEnd = Math.min(columns, (group + count) * ColumnDots.COLUMNS);
        for (int column = columnStart; column < columnEnd; column += ColumnDots.COLUMNS) {
          int width = Math.min(ColumnDots.COLUMNS, columnEnd - column);
          for (int row = 0; row < rows; row++) {
            compute(batch, row, column, width, (float[]) scratch.strips);
          }
        }
        if (epilogue != null) {
          epilogue.apply(batch, 0, rows, columnStart, columnEnd);
        }
        unit += count;
      }
    } finally {
      scratch.giveBack();
    }
  }

  private void compute(int batch, int row, int column, int width, float[] sums) {
    long to =
        result.offset() + batch * result.batchStride() + row * result.rowStride() + 4L * column;
    for (int start = 0; start < depth; start += LoopKernel.FOLD_BLOCK) {
      int length = Math.min(LoopKernel.FOLD_BLOCK, depth - start);
      int whole = length / LANES * LANES;
      long aAt = a.at(batch, row, start);
      long bAt = b.at(batch, start, column);
      tiles
          .dots()
          .sumLanes(a.segment(), aAt, b.segment(), bAt, b.columnStride(), width, whole, sums);
      for (int j = 0; j < width; j++) {
        addProducts(
            aAt + 4L * whole, bAt + j * b.columnStride() + 4L * whole, length - whole, sums, j);
        float sum = ColumnDots.sumOfLanes(sums, j * LANES);
        if (start > 0) {
          sum = result.segment().get(JAVA_FLOAT_UNALIGNED, to + 4L * j) + sum;
        }
        result.segment().set(JAVA_FLOAT_UNALIGNED, to + 4L * j, sum);
      }
    }
  }

  /** Adds fewer products than there are lanes, one to each of the first. */
  private void addProducts(long aAt, long bAt, int count, float[] sums, int column) {
    for (int k = 0; k < count; k++) {
      int lane = column * LANES + k;
      sums[lane] =
          Math.fma(
              a.segment().get(JAVA_FLOAT_UNALIGNED, aAt + 4L * k),
              b.segment().get(JAVA_FLOAT_UNALIGNED, bAt + 4L * k),
              sums[lane]);
    }
  }
}
