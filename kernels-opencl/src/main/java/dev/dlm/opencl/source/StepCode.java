package dev.dlm.opencl.source;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.WhileKernel;
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
   * @throws GraphException with code {@code unsupported-on-device} for control flow
   * @throws dev.dlm.diagnostic.InternalException if the step's op has no code
   */
  static StepCode of(Step step, boolean processor) {
    return switch (step.kernel()) {
      case LoopKernel loop -> LoopCode.of(loop, step, processor);
      case OpKernel op -> OpCodes.of(op, step, processor);
      case ScanKernel _ -> throw unsupported("scan", step);
      case WhileKernel _ -> throw unsupported("while", step);
      case CondKernel _ -> throw unsupported("cond", step);
    };
  }

  private static GraphException unsupported(String what, Step step) {
    return new GraphException(
        Diagnostic.error(
                "unsupported-on-device",
                "the opencl device does not run " + what + " yet",
                step.location())
            .withHelp("use the cpu device"));
  }
}
