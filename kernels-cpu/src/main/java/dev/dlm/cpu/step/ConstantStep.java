package dev.dlm.cpu.step;

import dev.dlm.op.array.Constant;
import java.lang.foreign.MemorySegment;

/** {@link Constant}: a copy of the tensor's bytes. */
final class ConstantStep {
  private ConstantStep() {}

  static BoundStep bind(Constant op, StepBinding binding) {
    MemorySegment result = binding.segment(0);
    MemorySegment bytes = binding.scratch(result.byteSize());
    op.value().toMemory(bytes);
    return () -> MemorySegment.copy(bytes, 0, result, 0, result.byteSize());
  }
}
