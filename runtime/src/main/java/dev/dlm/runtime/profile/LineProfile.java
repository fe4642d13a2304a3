package dev.dlm.runtime.profile;

import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.ShortLocation;
import dev.dlm.plan.NumberedStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The time that steps took which came from one line of a model, in the first direction and as
 * gradients. A step that several lines made counts for each of them in equal parts.
 *
 * @param line from 1
 */
public record LineProfile(String file, int line, double nanos) {

  /** The lines that steps came from, the one that took most first. */
  public static List<LineProfile> of(List<StepProfile> steps) {
    long[] own = new long[steps.size()];
    for (StepProfile step : steps) {
      own[step.step().number()] += step.totalNanos();
      int parent = step.step().numbered().parent();
      if (parent != NumberedStep.NONE) {
        own[parent] -= step.totalNanos();
      }
    }
    Map<String, LineProfile> lines = new TreeMap<>();
    for (StepProfile step : steps) {
      List<Location.Source> sources =
          ShortLocation.sources(step.step().numbered().step().location());
      double part = (double) Math.max(0, own[step.step().number()]) / Math.max(1, sources.size());
      for (Location.Source source : sources) {
        lines.merge(
            source.file() + ":" + source.line(),
            new LineProfile(source.file(), source.line(), part),
            (a, b) -> new LineProfile(a.file, a.line, a.nanos + b.nanos));
      }
    }
    List<LineProfile> sorted = new ArrayList<>(lines.values());
    sorted.sort(Comparator.comparingDouble(LineProfile::nanos).reversed());
    return sorted;
  }
}
