package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

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

/** Rows that vector code folds from beginning to end, and reads ahead. */
class WholeRowsLoopTest {
  private static final int ROWS = 19;
  private static final WorkerPool POOL = new WorkerPool(1);

  private final List<BlockShape> shapes = new ArrayList<>();

  @Test
  void sweepWithExponentials_fetchesWhatTheFirstSweepReads() {
    try (Arena arena = Arena.ofConfined()) {
      run(rows(arena, 32), arena.allocate(4L * ROWS * 32, 64), 32, 0);
      assertThat(shapes.stream().map(BlockShape::fetched)).containsExactly(-1, 0, -1);
    }
  }

  @Test
  void sweepAfterAMaximum_knowsWhatItIsTheMaximumOf() {
    try (Arena arena = Arena.ofConfined()) {
      run(rows(arena, 32), arena.allocate(4L * ROWS * 32, 64), 32, 0);
      assertThat(shapes.get(1).operations()).contains(new Operation.Folded(0, DType.F32, 0));
      assertThat(shapes.get(2).operations()).contains(new Operation.Folded(1, DType.F32, -1));
    }
  }

  @Test
  void sweepAfterAnotherFold_knowsOfNoMaximum() {
    Instruction load = new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0));
    Instruction negative = new Instruction.Apply(ScalarFunction.NEGATE, DType.F32, List.of(0));
    Block ofLeast =
        new Block(List.of(load), List.of(new Block.Fold(Reduce.Kind.MIN, 0)), List.of());
    Block ofNegative =
        new Block(List.of(load, negative), List.of(new Block.Fold(Reduce.Kind.MAX, 1)), List.of());
    try (Arena arena = Arena.ofConfined()) {
      for (Block fold : List.of(ofLeast, ofNegative)) {
        shapes.clear();
        run(fold, rows(arena, 32), arena.allocate(4L * ROWS * 32, 64), 32, 0);
        assertThat(shapes.get(1).operations()).contains(new Operation.Folded(0, DType.F32, -1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 17, 31, 49, 1000, 1024})
  void rowsOfAnyLength_haveTheSameBitsAsVectorsAndScalars(int columns) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = rows(arena, columns);
      MemorySegment scalars = arena.allocate(4L * ROWS * columns, 64);
      MemorySegment scalarSums = run(from, scalars, columns, 0);
      assertThat(sum(scalars, columns))
          .isCloseTo(scalarSums.get(ValueLayout.JAVA_FLOAT, 0), withinPercentage(0.001));
      for (int vectorBits : new int[] {128, 256, 512}) {
        MemorySegment vectors = arena.allocate(4L * ROWS * columns, 64);
        MemorySegment vectorSums = run(from, vectors, columns, vectorBits);
        assertThat(vectors.mismatch(scalars)).as("%d bits", vectorBits).isEqualTo(-1);
        assertThat(vectorSums.mismatch(scalarSums)).as("%d bits", vectorBits).isEqualTo(-1);
      }
    }
  }

  private static double sum(MemorySegment row, int columns) {
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      sum += row.getAtIndex(ValueLayout.JAVA_FLOAT, i);
    }
    return sum;
  }

  /** The last row ends where the memory does. */
  private static MemorySegment rows(Arena arena, int columns) {
    MemorySegment rows = arena.allocate(4L * ROWS * columns, 64);
    for (int i = 0; i < ROWS * columns; i++) {
      float[] extremes = {Float.NEGATIVE_INFINITY, -3e38f, -87.5f, -103.9f, -104.5f};
      float element = i % 37 < extremes.length ? extremes[i % 37] : (float) Math.sin(i);
      rows.setAtIndex(ValueLayout.JAVA_FLOAT, i, element);
    }
    return rows;
  }

  /**
   * Runs exponentials less the row's maximum.
   *
   * @return their sums
   */
  private MemorySegment run(MemorySegment from, MemorySegment to, int columns, int vectorBits) {
    Instruction load = new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0));
    Block largest =
        new Block(List.of(load), List.of(new Block.Fold(Reduce.Kind.MAX, 0)), List.of());
    return run(largest, from, to, columns, vectorBits);
  }

  /** The same, less what another sweep finds. */
  private MemorySegment run(
      Block largest, MemorySegment from, MemorySegment to, int columns, int vectorBits) {
    MemorySegment sums = Arena.ofAuto().allocate(4L * ROWS, 64);
    Instruction load = new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0));
    Block exponentials =
        new Block(
            List.of(
                load,
                new Instruction.Folded(0, DType.F32),
                new Instruction.Apply(ScalarFunction.SUBTRACT, DType.F32, List.of(0, 1)),
                new Instruction.Apply(ScalarFunction.EXP, DType.F32, List.of(2))),
            List.of(new Block.Fold(Reduce.Kind.SUM, 3)),
            List.of(new Block.Store(1, 3)));
    Block finish =
        new Block(
            List.of(new Instruction.Folded(1, DType.F32)),
            List.of(),
            List.of(new Block.Store(2, 0)));
    List<Dim> strides = List.of(Dim.of(columns), Dim.ONE);
    LoopKernel kernel =
        new LoopKernel(
            List.of(Dim.of(ROWS)),
            List.of(Dim.of(columns)),
            List.of(
                new Access(0, Dim.ZERO, strides, List.of()),
                new Access(1, Dim.ZERO, strides, List.of()),
                new Access(2, Dim.ZERO, List.of(Dim.ONE, Dim.ZERO), List.of())),
            List.of(largest, exponentials),
            finish);
    BoundLoop loop =
        BoundLoop.bind(
            kernel,
            Sizes.of(Map.of()),
            List.of(DType.F32, DType.F32, DType.F32),
            List.of(from, to, sums),
            POOL,
            shape -> {
              shapes.add(shape);
              return BlockCode.of(shape, vectorBits);
            });
    assertThat(loop).isInstanceOf(WholeRowsLoop.class);
    loop.run();
    return sums;
  }
}
