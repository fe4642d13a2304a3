package dev.dlm.ir;

import dev.dlm.diagnostic.Location;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code train} block asks for beyond its graph: data, batches, epochs, and when to stop.
 * The steps themselves are the graph's training signatures. Immutable.
 *
 * @param model the name of the model
 * @param steps names of the signatures run for each batch, in order
 * @param data training data
 * @param validation data on which {@link Graph#EVALUATE} is measured after each epoch
 * @param batch examples a step
 * @param dropRemainder whether a last batch smaller than {@code batch} is left out
 */
public record TrainingRecipe(
    String model,
    List<String> steps,
    DataClause data,
    Optional<DataClause> validation,
    int batch,
    int epochs,
    boolean dropRemainder,
    Optional<StopRule> stop) {
  public TrainingRecipe {
    steps = List.copyOf(steps);
  }

  /**
   * Where examples come from: the first source that exists feeds the named inputs in order.
   *
   * @param inputs names of graph inputs
   * @param alternatives sources in order of preference
   */
  public record DataClause(List<String> inputs, List<DataCall> alternatives, Location location) {
    public DataClause {
      inputs = List.copyOf(inputs);
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * A call of a data reader, for example {@code idx("images.gz", "labels.gz")}.
   *
   * @param arguments strings, {@code Long}, {@code Double} or {@code Boolean} values
   */
  public record DataCall(String reader, List<Object> arguments, Location location) {
    public DataCall {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Stop when a validation metric has not improved for some epochs.
   *
   * @param metric for example {@code validate.accuracy}
   */
  public record StopRule(String metric, int epochs, Location location) {}
}
