package dev.dlm.training;

import dev.dlm.runtime.device.StepObserver;
import dev.dlm.runtime.profile.Trace;
import dev.dlm.runtime.session.Call;
import java.util.HashMap;
import java.util.Map;

/** Runs calls, so many of them with a trace. Used by one thread. */
final class StepTracing {
  private record Binding(Call call, Map<String, Long> sizes) {}

  private final Trace trace;
  private final Map<Binding, StepObserver> observers = new HashMap<>();
  private long left;

  /**
   * @param runs how many calls are traced
   */
  StepTracing(Trace trace, long runs) {
    this.trace = trace;
    this.left = runs;
  }

  void run(Call call) {
    if (left == 0) {
      call.run();
      return;
    }
    left--;
    Binding binding = new Binding(call, call.sizes());
    call.runObserved(
        observers.computeIfAbsent(binding, key -> trace.observe(call.program(), key.sizes())));
  }
}
