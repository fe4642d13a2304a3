package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of few rows with columns of which each lies side by side. */
class DotProductsTest {

  /** The depths reach beyond vectors, and the last one beyond two blocks. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 64",
    "1, 1, 19, 65",
    "2, 3, 8, 79",
    "1, 2, 2500, 96",
    "3, 1, 5, 1000",
    "1, 1, 33, 32789"
  })
  void products_areSummedInTheOrderOfAFold_andFinishedOnce(
      int batch, int rows, int columns, int depth) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = random(arena, batch * rows * depth, 21);
      MemorySegment b = random(arena, batch * depth * columns, 22);
      int count = batch * rows * columns;
      for (TileSet tiles :
          List.of(new ScalarTileSet(ElementKind.F32), TileSet.best(ElementKind.F32))) {
        for (int threads : new int[] {1, 3}) {
          MemorySegment c = arena.allocate(4L * count, 8);
          AtomicIntegerArray finished = new AtomicIntegerArray(count);
          TileEpilogue epilogue =
              (image, rowStart, rowEnd, columnStart, columnEnd) -> {
                for (int row = rowStart; row < rowEnd; row++) {
                  for (int column = columnStart; column < columnEnd; column++) {
                    finished.incrementAndGet((int) (image * rows + row) * columns + column);
                  }
                }
              };
          try (WorkerPool pool = new WorkerPool(threads)) {
            new MatrixProduct(
                    tiles,
                    ElementKind.F32,
                    batch,
                    rows,
                    columns,
                    depth,
                    MatrixLayout.rowMajor(rows, depth),
                    MatrixLayout.columnMajor(depth, columns),
                    MatrixLayout.rowMajor(rows, columns))
                .bind(a, 0, b, 0, c, 0, pool, arena, epilogue)
                .run();
          }
          for (int i = 0; i < count; i++) {
            long row = (long) i / columns * depth;
            long column = ((long) i / (rows * columns) * columns + i % columns) * depth;
            assertThat(c.getAtIndex(ValueLayout.JAVA_FLOAT, i))
                .as("%d, %s, %d threads", i, tiles.getClass().getSimpleName(), threads)
                .isEqualTo(folded(a, row, b, column, depth));
            assertThat(finished.get(i)).as("calls of the epilogue for %d", i).isOne();
          }
        }
      }
    }
  }

  /** The products of two stretches, summed as {@link LoopKernel} says of folds. */
  private static float folded(MemorySegment a, long aAt, MemorySegment b, long bAt, int depth) {
    float total = 0;
    for (int start = 0; start < depth; start += LoopKernel.FOLD_BLOCK) {
      float[] lanes = new float[LoopKernel.FOLD_LANES];
      for (int k = start; k < Math.min(depth, start + LoopKernel.FOLD_BLOCK); k++) {
        float left = a.getAtIndex(ValueLayout.JAVA_FLOAT, aAt + k);
        float right = b.getAtIndex(ValueLayout.JAVA_FLOAT, bAt + k);
        int lane = (k - start) % lanes.length;
        lanes[lane] = Math.fma(left, right, lanes[lane]);
      }
      for (int half = lanes.length / 2; half > 0; half /= 2) {
        for (int lane = 0; lane < half; lane++) {
          lanes[lane] += lanes[lane + half];
        }
      }
      total = start == 0 ? lanes[0] : total + lanes[0];
    }
    return total;
  }

  private static MemorySegment random(Arena arena, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemorySegment numbers = arena.allocate(4L * count, 8);
    for (int i = 0; i < count; i++) {
      numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return numbers;
  }
}
