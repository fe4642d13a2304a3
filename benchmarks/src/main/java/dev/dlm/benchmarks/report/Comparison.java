package dev.dlm.benchmarks.report;

import dev.dlm.benchmarks.work.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether engines that did the same work computed the same. */
public final class Comparison {
  private Comparison() {}

  /**
   * An engine that is far from what all engines agree on.
   *
   * @param distance the largest difference of an element, as a part of the largest magnitude
   */
  public record Difference(String engine, double distance) {}

  /**
   * How far an engine may be from the others, as a part of the largest magnitude.
   *
   * <p>Single precision rounds by 6e-8; sums of some thousand terms in another order differ by some
   * 1e-6, approximations of exp and tanh by as much. Deep networks carry that through tens of
   * layers, and Adam's first steps divide gradients by their own size, so that there small ones
   * count as much as large ones.
   */
  public static double tolerance(Workload work) {
    return switch (work) {
      case Workload.Product _, Workload.Elementwise _, Workload.MlpLatency _ -> 2e-5;
      case Workload.MlpTraining _, Workload.CnnTraining _, Workload.LstmTraining _ -> 2e-4;
      case Workload.Resnet50Inference _,
          Workload.Resnet18Training _,
          Workload.Encoder _,
          Workload.Gpt2Forward _ ->
          1e-3;
    };
  }

  /**
   * The engines whose results are not those of the others. The measure is each element's median
   * over all engines; of two engines, both are named where they differ.
   *
   * @param results by engine
   */
  public static List<Difference> differences(Map<String, float[]> results, double tolerance) {
    List<Difference> differences = new ArrayList<>();
    if (results.size() < 2) {
      return differences;
    }
    int length = results.values().iterator().next().length;
    List<float[]> all = List.copyOf(results.values());
    if (all.stream().anyMatch(one -> one.length != length)) {
      results.keySet().forEach(engine -> differences.add(new Difference(engine, Double.NaN)));
      return differences;
    }
    float[] agreed = medians(all, length);
    double magnitude = 0;
    for (float value : agreed) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    for (Map.Entry<String, float[]> entry : results.entrySet()) {
      double distance = 0;
      for (int i = 0; i < length; i++) {
        // Not a number stays: it is larger than all others for max.
        distance = Math.max(distance, Math.abs((double) entry.getValue()[i] - agreed[i]));
      }
      distance /= magnitude;
      if (!(distance <= tolerance)) {
        differences.add(new Difference(entry.getKey(), distance));
      }
    }
    return differences;
  }

  private static float[] medians(List<float[]> all, int length) {
    float[] medians = new float[length];
    float[] column = new float[all.size()];
    for (int i = 0; i < length; i++) {
      for (int engine = 0; engine < column.length; engine++) {
        column[engine] = all.get(engine)[i];
      }
      Arrays.sort(column);
      int middle = column.length / 2;
      medians[i] =
          column.length % 2 == 1
              ? column[middle]
              : (float) (((double) column[middle - 1] + column[middle]) / 2);
    }
    return medians;
  }

  /** The differences as a sentence. */
  public static String describe(List<Difference> differences, double tolerance) {
    List<String> parts =
        differences.stream()
            .map(difference ->
                String.format(
                    Locale.ROOT, "%s by %.1e", difference.engine(), difference.distance()))
            .toList();
    return String.format(
        Locale.ROOT,
        "differs from what engines agree on: %s (allowed: %.0e)",
        String.join(", ", parts),
        tolerance);
  }
}
