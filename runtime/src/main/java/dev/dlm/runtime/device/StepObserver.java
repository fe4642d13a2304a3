package dev.dlm.runtime.device;

/**
 * Hears of the steps of a run, on the thread that runs it. Steps inside of a step begin and end
 * within it, as often as they run.
 */
public interface StepObserver {
  /**
   * A step begins.
   *
   * @param step its number, as {@link dev.dlm.plan.NumberedStep} counts
   */
  void began(int step);

  /** A step has ended, and all that its threads or its device had to do for it. */
  void ended(int step);

  /** An observer that tells this one and then another; of ends the other first. */
  default StepObserver and(StepObserver other) {
    StepObserver self = this;
    return new StepObserver() {
      @Override
      public void began(int step) {
        self.began(step);
        other.began(step);
      }

      @Override
      public void ended(int step) {
        other.ended(step);
        self.ended(step);
      }
    };
  }
}
