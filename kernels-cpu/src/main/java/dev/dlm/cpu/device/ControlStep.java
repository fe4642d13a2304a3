package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.plan.Step;
import java.util.Optional;

/** A step that runs other steps. */
interface ControlStep extends BoundStep {
  /**
   * Like {@link #run}, but looks at what each step inside wrote, and stops at the first that writes
   * a value which is infinite or NaN.
   */
  Optional<Step> runChecked();
}
