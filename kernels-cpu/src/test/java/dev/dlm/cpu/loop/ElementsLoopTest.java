package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loops of which a product runs a part at a time, as soon as that part of its result is done. */
class ElementsLoopTest {

  private static final int IMAGES = 2;
  private static final int ROWS = 7;
  private static final int COLUMNS = 150;
  private static final int ALL_ROWS = IMAGES * ROWS;

  /** The strides of the operand that is added: by channel, by column, by image, by element. */
  @ParameterizedTest
  @CsvSource({"0, 1, 0", "0, 0, 1", "1, 0, 0", "1050, 150, 1"})
  void blocks_thatCoverAMatrix_giveWhatTheWholeLoopGives(long image, long row, long column) {
    LoopKernel kernel = sum(image, row, column);
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(1)) {
      MemorySegment x = numbers(arena);
      MemorySegment added = numbers(arena);
      MemorySegment whole = arena.allocate(x.byteSize(), 64);
      bind(kernel, pool, x, added, whole).run();
      MemorySegment inBlocks = arena.allocate(x.byteSize(), 64);
      ElementsLoop loop = bind(kernel, pool, x, added, inBlocks);
      for (int[] rows : List.of(new int[] {0, 5}, new int[] {5, 12}, new int[] {12, ALL_ROWS})) {
        loop.runBlock(rows[0], rows[1], COLUMNS, 0, 64);
        loop.runBlock(rows[0], rows[1], COLUMNS, 64, 65);
        loop.runBlock(rows[0], rows[1], COLUMNS, 65, COLUMNS);
      }

      assertThat(inBlocks.mismatch(whole)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0", "1050, 150, 1"})
  void block_ofSomeColumns_leavesTheOthersAlone(long image, long row, long column) {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(1)) {
      MemorySegment result = arena.allocate(4L * ALL_ROWS * COLUMNS, 64);
      bind(sum(image, row, column), pool, numbers(arena), numbers(arena), result)
          .runBlock(3, 9, COLUMNS, 32, 70);

      for (int i = 0; i < ALL_ROWS * COLUMNS; i++) {
        int at = i % COLUMNS;
        boolean inside = i / COLUMNS >= 3 && i / COLUMNS < 9 && at >= 32 && at < 70;
        assertThat(result.getAtIndex(ValueLayout.JAVA_FLOAT, i) != 0)
            .as("element %d of row %d", at, i / COLUMNS)
            .isEqualTo(inside);
      }
    }
  }

  private static ElementsLoop bind(
      LoopKernel kernel, WorkerPool pool, MemorySegment x, MemorySegment y, MemorySegment result) {
    return BoundLoop.bindInOrder(
        kernel,
        Sizes.of(Map.of()),
        List.of(DType.F32, DType.F32, DType.F32),
        List.of(x, y, result),
        pool);
  }

  /** {@code result = x + y} for images of rows and columns. */
  private static LoopKernel sum(long image, long row, long column) {
    Block block =
        new Block(
            List.of(
                new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0)),
                new Instruction.Load(1, DType.F32, HostTensor.scalar(DType.F32, 0)),
                new Instruction.Apply(ScalarFunction.ADD, DType.F32, List.of(0, 1))),
            List.of(),
            List.of(new Block.Store(2, 2)));
    return new LoopKernel(
        List.of(Dim.of(IMAGES), Dim.of(ROWS), Dim.of(COLUMNS)),
        List.of(),
        List.of(
            access(0, ROWS * COLUMNS, COLUMNS, 1),
            access(1, image, row, column),
            access(2, ROWS * COLUMNS, COLUMNS, 1)),
        List.of(),
        block);
  }

  private static Access access(int operand, long... strides) {
    return new Access(
        operand, Dim.ZERO, Arrays.stream(strides).mapToObj(Dim::of).toList(), List.of());
  }

  private static MemorySegment numbers(Arena arena) {
    MemorySegment numbers = arena.allocate(4L * ALL_ROWS * COLUMNS, 64);
    for (int i = 0; i < ALL_ROWS * COLUMNS; i++) {
      numbers.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1 + i % 31);
    }
    return numbers;
  }
}
