package dev.dlm.opencl.source;

import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.List;

/** The code of one step, for any sizes. Immutable. */
public interface StepCode {
  /** What to launch, one after the other, for the given sizes; nothing where there is no work. */
  List<Launch> launches(Sizes sizes);

  /**
   * The code of a step.
   *
   * @param processor whether the device is a processor, whose work items share no local memory that
   *     is faster than its cache
   * @throws dev.dlm.diagnostic.InternalException if the step's op has no code
   */
  static StepCode of(Step step, boolean processor) {
    return switch (step.kernel()) {
      case LoopKernel loop -> LoopCode.of(loop, step, processor);
      case OpKernel op -> OpCodes.of(op, step, processor);
    };
  }
}
