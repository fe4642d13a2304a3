package dev.dlm.cli.progress;

import dev.dlm.ir.TrainingRecipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Losses and metrics in words. */
public final class Metrics {
  private Metrics() {}

  /** For example {@code loss 0.0312 accuracy 0.9921}. */
  public static String describe(Map<String, Double> metrics) {
    List<String> words = new ArrayList<>();
    metrics.forEach((name, value) -> words.add(shortName(name) + " " + number(value)));
    return String.join("  ", words);
  }

  /** What an event tells of both parts of the data, in a fixed order. */
  public static Map<String, Object> members(
      Map<String, Double> train, Map<String, Double> validation) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("train", train);
    members.put("validate", validation);
    return members;
  }

  private static String shortName(String name) {
    return name.equals(TrainingRecipe.RATE_OUTPUT) ? "rate" : name;
  }

  private static String number(double value) {
    double size = Math.abs(value);
    boolean plain = !Double.isFinite(value) || value == 0 || (size >= 1e-2 && size < 1e6);
    return String.format(Locale.ROOT, plain ? "%.4f" : "%.3g", value);
  }
}
