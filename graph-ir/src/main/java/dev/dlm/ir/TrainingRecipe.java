package dev.dlm.ir;

import dev.dlm.diagnostic.Location;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code train} block asks for beyond its graph: data, batches, epochs, and when to stop.
 * The steps themselves are the graph's training signatures. Immutable.
 *
 * <p>A training signature takes inputs of the model, and may take {@link #TOTAL_STEPS_INPUT}. Its
 * scalar outputs are reported; the first of them is a loss, and the run stops when that is not a
 * finite number.
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
  /**
   * The input of training signatures that holds the number of steps of the whole run, epochs times
   * batches of an epoch: {@code i64[]}. Schedules of the learning rate need it.
   */
  public static final String TOTAL_STEPS_INPUT = "training.total_steps";

  /** The output of training signatures that holds the learning rate, where there is one. */
  public static final String RATE_OUTPUT = "training.rate";

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
