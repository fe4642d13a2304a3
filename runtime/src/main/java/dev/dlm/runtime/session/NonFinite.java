package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.Location;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.WhileKernel;

/**
 * The first step of a run that wrote a floating-point value which is infinite or NaN.
 *
 * @param program the signature that ran
 * @param index the step's place in the program
 * @param step the step, with the model's lines that it came from
 */
public record NonFinite(String program, int index, Step step) {
  public Location location() {
    return step.location();
  }

  /** What the step computes, in a few words. */
  public String kernel() {
    return describe(step.kernel());
  }

  /** An error at the model's line, with code {@code not-finite}. */
  public Diagnostic diagnostic() {
    return Diagnostic.error(
            "not-finite",
            "a value is infinite or not a number: the result of the %s, step %d of '%s'"
                .formatted(kernel(), index, program),
            location())
        .withHelp(
            "often the learning rate is too high, or a logarithm, root or quotient meets zero"
                + " here");
  }

  private static String describe(Kernel kernel) {
    return switch (kernel) {
      case OpKernel op -> op.op().name();
      case CompositeKernel composite -> composite.op().name();
      case ScanKernel _ -> "scan";
      case WhileKernel _ -> "while loop";
      case CondKernel _ -> "cond";
      case LoopKernel loop -> loop.hasFolds() ? "fused reduction" : "fused element-wise loop";
    };
  }
}
