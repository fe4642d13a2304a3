package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Generated code checks no address, so binding must. */
class LoopMemoryTest {
  private static final WorkerPool POOL = new WorkerPool(1);

  @Test
  void operandThatIsTooShort_isRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment whole = arena.allocate(40, 64);
      MemorySegment tooShort = arena.allocate(39, 64);
      bind(whole, whole);
      assertRefused(whole, tooShort);
      assertRefused(tooShort, whole);
    }
  }

  @Test
  void operandOnTheHeap_isRefused() {
    try (Arena arena = Arena.ofConfined()) {
      assertRefused(MemorySegment.ofArray(new float[10]), arena.allocate(40, 64));
    }
  }

  private static void assertRefused(MemorySegment from, MemorySegment to) {
    assertThatThrownBy(() -> bind(from, to))
        .isInstanceOf(InternalException.class)
        .hasMessageContaining("does not lie within");
  }

  /** A copy of ten elements, the last one first. */
  private static void bind(MemorySegment from, MemorySegment to) {
    Block block =
        new Block(
            List.of(new Instruction.Load(0, DType.F32, HostTensor.scalar(DType.F32, 0))),
            List.of(),
            List.of(new Block.Store(1, 0)));
    LoopKernel kernel =
        new LoopKernel(
            List.of(),
            List.of(Dim.of(10)),
            List.of(
                new Access(0, Dim.of(9), List.of(Dim.of(-1)), List.of()),
                new Access(1, Dim.ZERO, List.of(Dim.ONE), List.of())),
            List.of(block),
            Block.EMPTY);
    BoundLoop.bind(
        kernel, Sizes.of(Map.of()), List.of(DType.F32, DType.F32), List.of(from, to), POOL);
  }
}
