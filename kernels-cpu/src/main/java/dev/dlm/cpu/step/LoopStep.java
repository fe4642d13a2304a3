package dev.dlm.cpu.step;

import dev.dlm.cpu.loop.BoundLoop;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.LoopKernel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A step that is loop kernels, one after the other, each over the step's operands. */
final class LoopStep {
  private LoopStep() {}

  static BoundStep bind(StepBinding binding, List<LoopKernel> kernels) {
    return bind(binding, kernels, binding.types(), binding.segments());
  }

  /** As {@link #bind(StepBinding, List)}, over other operands. */
  static BoundStep bind(
      StepBinding binding,
      List<LoopKernel> kernels,
      List<TensorType> types,
      List<MemorySegment> segments) {
    List<BoundLoop> loops = new ArrayList<>();
    for (LoopKernel kernel : kernels) {
      BoundLoop loop =
          BoundLoop.bind(
              kernel, binding.sizes(), StepBinding.dtypes(types), segments, binding.pool());
      binding.countScratch(loop.scratchBytes());
      loops.add(loop);
    }
    if (loops.size() == 1) {
      return loops.get(0)::run;
    }
    BoundLoop[] inOrder = loops.toArray(new BoundLoop[0]);
    return () -> {
      for (BoundLoop loop : inOrder) {
        loop.run();
      }
    };
  }
}
