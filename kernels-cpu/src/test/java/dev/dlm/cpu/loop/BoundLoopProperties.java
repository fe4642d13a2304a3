package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cpu.VectorModule;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.reference.LoopReference;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** Generated code against the plain meaning of the loop language, to the last bit. */
class BoundLoopProperties {
  private static final WorkerPool ONE = new WorkerPool(1);
  private static final WorkerPool TWO = new WorkerPool(2);

  @AfterContainer
  static void close() {
    TWO.close();
  }

  @Property(tries = 250)
  void loops_of32BitLanes_giveTheBitsOfTheReference(@ForAll long seed) {
    check(seed, List.of(DType.F32, DType.F32, DType.I32, DType.BOOL));
  }

  @Property(tries = 120)
  void loops_of64BitLanes_giveTheBitsOfTheReference(@ForAll long seed) {
    check(seed, List.of(DType.F64, DType.F64, DType.I64, DType.BOOL));
  }

  @Property(tries = 150)
  void loops_ofFloats_giveTheBitsOfTheReference(@ForAll long seed) {
    check(seed, List.of(DType.F32));
  }

  @Property(tries = 150)
  void loops_ofAllTypes_giveTheBitsOfTheReference(@ForAll long seed) {
    check(seed, List.of(DType.values()));
  }

  private static void check(long seed, List<DType> dtypes) {
    RandomLoop loop = new RandomLoop(seed, dtypes);
    List<HostTensor> expected =
        results(
            loop,
            operands -> LoopReference.run(loop.kernel, Map.of(), operands, loop.operandTypes()));
    assertBits(loop, expected, 0, TWO);
    if (VectorModule.isPresent()) {
      assertBits(loop, expected, 512, TWO);
      assertBits(loop, expected, 256, ONE);
      assertBits(loop, expected, 128, TWO);
    }
  }

  private static void assertBits(
      RandomLoop loop, List<HostTensor> expected, int vectorBits, WorkerPool pool) {
    List<HostTensor> actual =
        results(
            loop,
            operands ->
                BoundLoop.bind(
                        loop.kernel,
                        Sizes.of(Map.of()),
                        loop.operandTypes(),
                        operands,
                        pool,
                        shape -> BlockCode.of(shape, vectorBits))
                    .run());
    assertThat(actual)
        .as("%s bits, %s threads: %s", vectorBits, pool.threads(), loop)
        .isEqualTo(expected);
  }

  private static List<HostTensor> results(RandomLoop loop, Consumer<List<MemorySegment>> run) {
    try (Arena arena = Arena.ofShared()) {
      List<MemorySegment> operands = new ArrayList<>();
      for (HostTensor input : loop.inputs()) {
        MemorySegment memory = arena.allocate(input.type().sizeBytes().asLong(), 64);
        input.toMemory(memory);
        operands.add(memory);
      }
      for (TensorType output : loop.outputs()) {
        operands.add(arena.allocate(output.sizeBytes().asLong(), 64));
      }
      run.accept(operands);
      List<HostTensor> results = new ArrayList<>();
      for (int i = 0; i < loop.outputs().size(); i++) {
        results.add(
            HostTensor.fromMemory(loop.outputs().get(i), operands.get(loop.inputs().size() + i)));
      }
      return results;
    }
  }
}
