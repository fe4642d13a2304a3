package dev.dlm.ir;

import dev.dlm.diagnostic.Location;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
   * A call of a data reader, for example {@code text("input.txt", length = 64)}; {@link
   * ReaderSignature} says what each takes.
   *
   * @param files the files it reads, in order
   * @param options its other arguments by name, standard values included: {@code String}, {@code
   *     Long}, {@code Double} or {@code Boolean} values, and lists of them
   */
  public record DataCall(
      String reader, List<String> files, Map<String, Object> options, Location location) {
    public DataCall {
      files = List.copyOf(files);
      options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** A call with standard values for the options that are not given. */
    public static DataCall of(
        ReaderSignature reader, List<String> files, Map<String, Object> given, Location location) {
      Map<String, Object> options = new TreeMap<>(given);
      for (ReaderParameter parameter : reader.parameters()) {
        parameter.standard().ifPresent(value -> options.putIfAbsent(parameter.name(), value));
      }
      return new DataCall(reader.name(), files, options, location);
    }

    /** Whether it keeps a part of its data out of training. */
    public boolean holdsBack() {
      return options.get(ReaderSignature.HOLD_BACK) instanceof Number part
          && part.doubleValue() > 0;
    }

    /** A number that is given as an int. */
    public int count(String option) {
      return Math.toIntExact((Long) value(option));
    }

    /** A seed. */
    public long seed() {
      return (Long) value("seed");
    }

    public String text(String option) {
      return (String) value(option);
    }

    public boolean truth(String option) {
      return (Boolean) value(option);
    }

    public List<?> list(String option) {
      return (List<?>) value(option);
    }

    /**
     * The value of an option.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Object value(String option) {
      Object value = options.get(option);
      if (value == null) {
        throw new IllegalArgumentException(reader + " has no '" + option + "'");
      }
      return value;
    }
  }

  /**
   * Stop when a validation metric has not improved for some epochs.
   *
   * @param metric for example {@code validate.accuracy}
   */
  public record StopRule(String metric, int epochs, Location location) {}
}
