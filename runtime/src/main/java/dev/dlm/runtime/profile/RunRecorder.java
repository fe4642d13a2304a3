package dev.dlm.runtime.profile;

import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.StepObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the events {@code dev.dlm.Run} and {@code dev.dlm.Step} of one program's runs with the
 * same sizes into recordings of the Java flight recorder. Both are off unless a recording turns
 * them on, for example with {@code -XX:StartFlightRecording:dev.dlm.Step#enabled=true}. Where the
 * JVM lacks the module {@code jdk.jfr}, nothing is ever wanted.
 *
 * <p>Used by one thread at a time.
 */
public final class RunRecorder {
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private final RunEvent run = new RunEvent();
  private final StepEvent[] steps;

  /**
   * Not loaded before there is a recording: to make the events known to the flight recorder takes a
   * tenth of a second, which every service would pay when it starts.
   */
  private static final class Settings {
    private static final RunEvent RUN = new RunEvent();
    private static final StepEvent STEP = new StepEvent();
  }

  /**
   * Prepares events.
   *
   * @param sizes of every symbol of the program
   * @param threads that compute
   */
  public RunRecorder(Program program, Map<String, Long> sizes, int threads) {
    List<CostedStep> costed = CostedStep.of(program, sizes);
    run.program = program.name();
    run.sizes = sizes.toString();
    run.threads = threads;
    steps = new StepEvent[costed.size()];
    for (CostedStep step : costed) {
      StepEvent event = new StepEvent();
      event.program = program.name();
      event.step = step.numbered().path();
      event.kernel = step.kernel();
      event.location = step.place();
      event.operations = step.operations();
      event.bytes = step.bytes();
      steps[step.number()] = event;
      if (step.numbered().parent() == NumberedStep.NONE) {
        run.operations += step.operations();
        run.bytes += step.bytes();
      }
    }
  }

  /** Whether any recording takes one of the events now. Allocates nothing. */
  public static boolean isWanted() {
    return PRESENT
        && Recordings.hasAny()
        && (Settings.RUN.isEnabled() || Settings.STEP.isEnabled());
  }

  /** A run begins. */
  public void began() {
    run.begin();
  }

  /** The run has ended. */
  public void ended() {
    run.end();
    if (run.shouldCommit()) {
      run.commit();
    }
  }

  /** What to observe the run with; empty if no recording takes steps now. */
  public Optional<StepObserver> steps() {
    return Settings.STEP.isEnabled() ? Optional.of(new Steps(steps)) : Optional.empty();
  }

  private static final class Steps implements StepObserver {
    private final StepEvent[] events;

    private Steps(StepEvent[] events) {
      this.events = events;
    }

    @Override
    public void began(int step) {
      events[step].begin();
    }

    @Override
    public void ended(int step) {
      StepEvent event = events[step];
      event.end();
      if (event.shouldCommit()) {
        event.commit();
      }
    }
  }
}
