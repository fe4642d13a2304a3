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
import dev.dlm.plan.reference.LoopReference;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loops large enough that threads share them, and rows of several blocks of columns. */
class SharedLoopTest {

  @ParameterizedTest
  @CsvSource({
    "1, 100003",
    "3, 40000",
    "700, 301",
    "700, 304",
    "33, 1024",
    "5000, 16",
    "5000, 10",
    "129, 3",
    "7, 10",
    "16385, 17",
    "1, 16384",
    "1, 16385"
  })
  void rows_ofNeighbours_haveTheBitsOfTheReference(int rows, int columns) {
    check(rows, columns, new long[] {columns, 1});
  }

  @ParameterizedTest
  @CsvSource({"1030, 301", "17, 20011", "5000, 33"})
  void columns_ofNeighbours_haveTheBitsOfTheReference(int rows, int columns) {
    check(rows, columns, new long[] {1, rows});
  }

  /** The mean of squares of each row, and each element less it. */
  private static void check(int rows, int columns, long[] strides) {
    LoopKernel kernel = kernel(rows, columns, strides);
    byte[] expected =
        run(
            rows,
            columns,
            operands ->
                LoopReference.run(
                    kernel, Map.of(), operands, List.of(DType.F32, DType.F32, DType.F32)));
    for (int threads : new int[] {1, 2, 3}) {
      for (int bits : new int[] {0, VectorSupport.bits()}) {
        try (WorkerPool pool = new WorkerPool(threads)) {
          byte[] actual =
              run(
                  rows,
                  columns,
                  operands ->
                      BoundLoop.bind(
                              kernel,
                              Sizes.of(Map.of()),
                              List.of(DType.F32, DType.F32, DType.F32),
                              operands,
                              pool,
                              shape -> BlockCode.of(shape, bits))
                          .run());
          assertThat(Arrays.equals(actual, expected))
              .as("%s threads, %s bits", threads, bits)
              .isTrue();
        }
      }
    }
  }

  private static LoopKernel kernel(int rows, int columns, long[] strides) {
    Instruction load = new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0));
    Block squares =
        new Block(
            List.of(load, apply(ScalarFunction.MULTIPLY, 0, 0)),
            List.of(new Block.Fold(Reduce.Kind.SUM, 1), new Block.Fold(Reduce.Kind.MAX, 0)),
            List.of());
    Block differences =
        new Block(
            List.of(
                load, new Instruction.Folded(0, DType.F32), apply(ScalarFunction.SUBTRACT, 0, 1)),
            List.of(new Block.Fold(Reduce.Kind.SUM, 2)),
            List.of(new Block.Store(1, 2)));
    Block finish =
        new Block(
            List.of(
                new Instruction.Folded(1, DType.F32),
                new Instruction.Folded(2, DType.F32),
                apply(ScalarFunction.ADD, 0, 1)),
            List.of(),
            List.of(new Block.Store(2, 2)));
    return new LoopKernel(
        List.of(Dim.of(rows)),
        List.of(Dim.of(columns)),
        List.of(access(0, strides), access(1, strides), access(2, 1, 0)),
        List.of(squares, differences),
        finish);
  }

  private static Instruction apply(ScalarFunction function, Integer... arguments) {
    return new Instruction.Apply(function, DType.F32, List.of(arguments));
  }

  private static Access access(int operand, long... strides) {
    return new Access(
        operand, Dim.ZERO, Arrays.stream(strides).mapToObj(Dim::of).toList(), List.of());
  }

  /** The bytes of both results. */
  private static byte[] run(int rows, int columns, Consumer<List<MemorySegment>> kernel) {
    Random random = new Random(5);
    long count = (long) rows * columns;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(4 * count, 64);
      for (long i = 0; i < count; i++) {
        x.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
      }
      MemorySegment results = arena.allocate(4 * (count + rows), 64);
      kernel.accept(
          List.of(x, results.asSlice(0, 4 * count), results.asSlice(4 * count, 4L * rows)));
      return results.toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
