package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps that read rows of the next group ahead. */
class FetchedRowsTest {
  private static final int ROWS = 19;
  private static final int COLUMNS = 1024;
  private static final WorkerPool POOL = new WorkerPool(1);

  private final List<BlockShape> shapes = new ArrayList<>();

  @Test
  void sweepWithExponentials_fetchesWhatTheFirstSweepReads() {
    try (Arena arena = Arena.ofConfined()) {
      bind(rows(arena), arena.allocate(4L * ROWS * COLUMNS, 64), 0);
      assertThat(shapes.stream().map(BlockShape::fetched)).containsExactly(-1, 0, -1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void vectorsThatFetch_computeWhatScalarsDo(int vectorBits) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = rows(arena);
      MemorySegment scalars = arena.allocate(4L * ROWS * COLUMNS, 64);
      MemorySegment vectors = arena.allocate(4L * ROWS * COLUMNS, 64);
      bind(from, scalars, 0).run();
      bind(from, vectors, vectorBits).run();
      assertThat(vectors.mismatch(scalars)).isEqualTo(-1);
      assertThat(scalars.get(ValueLayout.JAVA_FLOAT, 0)).isBetween(0f, 1f);
    }
  }

  /** The last row ends where the memory does. */
  private static MemorySegment rows(Arena arena) {
    MemorySegment rows = arena.allocate(4L * ROWS * COLUMNS, 64);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i));
    }
    return rows;
  }

  /** Exponentials less the row's maximum, and their sums. */
  private BoundLoop bind(MemorySegment from, MemorySegment to, int vectorBits) {
    Instruction load = new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0));
    Block largest =
        new Block(List.of(load), List.of(new Block.Fold(Reduce.Kind.MAX, 0)), List.of());
    Block exponentials =
        new Block(
            List.of(
                load,
                new Instruction.Folded(0, DType.F32),
                new Instruction.Apply(ScalarFunction.SUBTRACT, DType.F32, List.of(0, 1)),
                new Instruction.Apply(ScalarFunction.EXP, DType.F32, List.of(2))),
            List.of(new Block.Fold(Reduce.Kind.SUM, 3)),
            List.of(new Block.Store(1, 3)));
    List<Dim> strides = List.of(Dim.of(COLUMNS), Dim.ONE);
    LoopKernel kernel =
        new LoopKernel(
            List.of(Dim.of(ROWS)),
            List.of(Dim.of(COLUMNS)),
            List.of(
                new Access(0, Dim.ZERO, strides, List.of()),
                new Access(1, Dim.ZERO, strides, List.of())),
            List.of(largest, exponentials),
            Block.EMPTY);
    return BoundLoop.bind(
        kernel,
        Sizes.of(Map.of()),
        List.of(DType.F32, DType.F32),
        List.of(from, to),
        POOL,
        shape -> {
          shapes.add(shape);
          return BlockCode.of(shape, vectorBits);
        });
  }
}
