package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.NonFiniteStep;
import java.util.Optional;

/** A step that runs other steps. */
interface ControlStep extends BoundStep {
  /** Executes bodies step by step and nothing else. */
  BodyRun PLAIN =
      (body, _) -> {
        body.runSteps();
        return Optional.empty();
      };

  /** Stops at the first step that writes a value which is infinite or NaN. */
  BodyRun CHECKED = (body, _) -> body.runStepsChecked().map(NonFiniteStep::step);

  /** How the steps of a body are executed. */
  @FunctionalInterface
  interface BodyRun {
    /**
     * Executes the steps of a body once.
     *
     * @param first the number of the body's first step, as {@link dev.dlm.plan.NumberedStep} counts
     * @return the step at which to stop all, if there is one
     */
    Optional<Step> run(BoundProgram body, int first);
  }

  /**
   * Executes the step.
   *
   * @param bodies how to execute the steps inside
   * @param first the number of the first step inside
   * @return the step inside at which it was stopped, if it was
   */
  Optional<Step> run(BodyRun bodies, int first);

  @Override
  default void run() {
    run(PLAIN, 0);
  }
}
