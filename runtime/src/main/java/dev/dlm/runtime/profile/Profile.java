package dev.dlm.runtime.profile;

import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.StepObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The times of a program's steps over many runs with the same sizes.
 *
 * <pre>{@code
 * Profile profile = Profile.of(call.program(), call.sizes());
 * for (int run = 0; run < 100; run++) {
 *   call.runObserved(profile);
 * }
 * profile.steps().forEach(step -> System.out.println(step.step().kernel() + step.medianNanos()));
 * }</pre>
 *
 * <p>Used by one thread at a time.
 */
public final class Profile implements StepObserver {
  private final List<CostedStep> steps;
  private final Durations[] durations;
  private final long[] begins;

  private Profile(List<CostedStep> steps) {
    this.steps = List.copyOf(steps);
    this.durations = new Durations[steps.size()];
    this.begins = new long[steps.size()];
    for (int i = 0; i < durations.length; i++) {
      durations[i] = new Durations();
    }
  }

  /**
   * A profile of no run yet.
   *
   * @param sizes of every symbol of the program
   */
  public static Profile of(Program program, Map<String, Long> sizes) {
    return new Profile(CostedStep.of(program, sizes));
  }

  @Override
  public void began(int step) {
    begins[step] = System.nanoTime();
  }

  @Override
  public void ended(int step) {
    durations[step].add(System.nanoTime() - begins[step]);
  }

  /** The steps in the order of their numbers. */
  public List<StepProfile> steps() {
    double[] operations = new double[durations.length];
    double[] bytes = new double[durations.length];
    // Steps inside come after the one that they are inside of.
    for (int i = durations.length - 1; i >= 0; i--) {
      CostedStep step = steps.get(i);
      if (!step.numbered().hasBodies()) {
        operations[i] = (double) step.operations() * durations[i].count();
        bytes[i] = (double) step.bytes() * durations[i].count();
      }
      int parent = step.numbered().parent();
      if (parent != NumberedStep.NONE) {
        operations[parent] += operations[i];
        bytes[parent] += bytes[i];
      }
    }
    List<StepProfile> profiles = new ArrayList<>();
    for (int i = 0; i < durations.length; i++) {
      Durations times = durations[i];
      long calls = Math.max(1, times.count());
      profiles.add(
          new StepProfile(
              steps.get(i),
              times.count(),
              times.totalNanos(),
              times.minNanos(),
              times.quantileNanos(0.5),
              times.quantileNanos(0.99),
              operations[i] / calls,
              bytes[i] / calls));
    }
    return profiles;
  }

  /** The time of all steps together. */
  public long totalNanos() {
    long sum = 0;
    for (CostedStep step : steps) {
      if (step.numbered().parent() == NumberedStep.NONE) {
        sum += durations[step.number()].totalNanos();
      }
    }
    return sum;
  }
}
