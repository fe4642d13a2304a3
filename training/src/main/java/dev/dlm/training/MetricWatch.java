package dev.dlm.training;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Watches one validation metric: which epoch was best, and whether it has stalled. The metric is
 * that of the rule for stopping, else the first one, which is a loss. Used by one thread.
 */
final class MetricWatch {
  private static final List<String> LOWER_IS_BETTER =
      List.of("loss", "error", "perplexity", "mse", "rmse", "mae");
  private static final String PREFIX = "validate.";

  private final Optional<String> metric;
  private final boolean lowerIsBetter;
  private final int patience;
  private Optional<TrainingResult.Best> best = Optional.empty();

  private MetricWatch(Optional<String> metric, boolean lowerIsBetter, int patience) {
    this.metric = metric;
    this.lowerIsBetter = lowerIsBetter;
    this.patience = patience;
  }

  /**
   * @throws GraphException with code {@code unknown-metric} if there is no metric of the rule's
   *     name
   */
  static MetricWatch of(Plan plan, Optional<TrainingRecipe.StopRule> rule) {
    Optional<Program> evaluate = plan.findProgram(Graph.EVALUATE);
    if (evaluate.isEmpty()) {
      return new MetricWatch(Optional.empty(), true, Integer.MAX_VALUE);
    }
    List<String> names =
        evaluate.get().outputs().stream()
            .filter(port -> port.view().type().rank() == 0)
            .map(Program.Port::name)
            .toList();
    if (rule.isEmpty()) {
      Optional<String> first = names.stream().findFirst();
      return new MetricWatch(first, true, Integer.MAX_VALUE);
    }
    String wanted = rule.get().metric();
    String name = wanted.startsWith(PREFIX) ? wanted.substring(PREFIX.length()) : wanted;
    if (!names.contains(name)) {
      throw new GraphException(
          Diagnostic.error(
                  "unknown-metric",
                  "the model has no metric '" + name + "' to stop at",
                  rule.get().location())
              .withHelp(Suggestion.help(name, "metrics", names)));
    }
    // A plan does not say which of its outputs are losses, but the first is one by agreement.
    boolean isLoss = name.equals(names.getFirst()) || soundsLikeLoss(name);
    return new MetricWatch(Optional.of(name), isLoss, rule.get().epochs());
  }

  private static boolean soundsLikeLoss(String name) {
    for (String word : name.toLowerCase(Locale.ROOT).split("[_.]", -1)) {
      if (LOWER_IS_BETTER.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /** Goes on from a saved best. */
  void restore(Optional<TrainingResult.Best> saved) {
    best = saved;
  }

  /** Takes an epoch's validation; whether it is the best so far. NaN never is. */
  boolean observe(int epoch, Map<String, Double> validation) {
    if (metric.isEmpty()) {
      return false;
    }
    Double value = validation.get(metric.get());
    if (value == null || value.isNaN()) {
      return false;
    }
    boolean better =
        best.isEmpty() || (lowerIsBetter ? value < best.get().value() : value > best.get().value());
    if (better) {
      best = Optional.of(new TrainingResult.Best(metric.get(), value, epoch));
    }
    return better;
  }

  Optional<TrainingResult.Best> best() {
    return best;
  }

  /** Whether the metric has not improved for as many epochs as the rule grants. */
  boolean hasStalled(int epochsDone) {
    int bestEpoch = best.map(TrainingResult.Best::epoch).orElse(-1);
    return epochsDone - 1 - bestEpoch >= patience;
  }
}
