package dev.dlm.cpu.step;

import java.util.ArrayList;
import java.util.List;

/**
 * What runs each time a loop begins: work of its steps on operands that stay the same through all
 * iterations. The runs of a frame between two changes of a variable are such a loop, too. Filled
 * while steps are bound; then used by one thread at a time.
 */
public final class LoopEntry implements BoundStep {
  private final List<BoundStep> steps = new ArrayList<>();

  /** Adds work, to be done after what was added before. */
  void add(BoundStep step) {
    steps.add(step);
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  @Override
  public void run() {
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).run();
    }
  }
}
