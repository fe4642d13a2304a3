package dev.dlm.cpu.step;

import java.util.ArrayList;
import java.util.List;

/**
 * What runs each time a loop begins: work of its steps on operands that stay the same through all
 * iterations. Filled while steps are bound; then used by one thread at a time.
 */
public final class LoopEntry implements BoundStep {
  private final List<BoundStep> steps = new ArrayList<>();

  /** Adds work, to be done after what was added before. */
  void add(BoundStep step) {
    steps.add(step);
  }

  @Override
  public void run() {
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).run();
    }
  }
}
