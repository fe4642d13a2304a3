package dev.dlm.opencl.source;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.op.Op;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.WhileKernel;
import dev.dlm.runtime.device.Sizes;
import java.util.List;
import java.util.Optional;

/** The code of one step, for any sizes. Empty for an op that the host computes. Immutable. */
public interface StepCode {
  /** What to launch, one after the other, for the given sizes; nothing where there is no work. */
  List<Launch> launches(Sizes sizes);

  /**
   * The code of a step.
   *
   * @param processor whether the device is a processor, whose work items share no local memory that
   *     is faster than its cache
   * @throws GraphException with code {@code unsupported-on-device} for control flow
   */
  static StepCode of(Step step, boolean processor) {
    return switch (step.kernel()) {
      case LoopKernel loop -> LoopCode.of(loop, step, processor);
      case OpKernel op -> OpCodes.of(op, step, processor);
      case CompositeKernel(var op, _) ->
          throw new InternalException(op.name() + " was not expanded");
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

  /** The op that the host computes before the step's code runs, since it has no code. */
  static Optional<Op> onHost(Step step) {
    return step.kernel() instanceof OpKernel kernel && !OpCodes.exist(kernel.op())
        ? Optional.of(kernel.op())
        : Optional.empty();
  }
}
