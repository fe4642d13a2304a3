package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import java.util.List;
import java.util.Optional;

/**
 * A model as a graph, and how it is trained. Immutable.
 *
 * <p>The graph has the signatures that {@link Graph} names: {@code initialize} (input {@code seed:
 * i64[]}; gives every variable its first value), {@code predict} where there are outputs (the
 * inputs that the outputs need), {@code evaluate} where there are losses or metrics (all inputs;
 * losses, metrics, then outputs), and where there is a {@code train} block one {@code train}
 * signature a step (all inputs; losses and metrics; new values of weights and states).
 *
 * @param recipe what the {@code train} block says beyond the graph
 * @param documentation the model's doc comment
 * @param steps one for each training signature
 */
public record ElaboratedModel(
    Graph graph,
    Optional<TrainingRecipe> recipe,
    String documentation,
    List<Role> inputs,
    List<Role> outputs,
    List<Role> losses,
    List<Role> metrics,
    List<Step> steps) {
  /** The input of training signatures that holds the number of steps of the whole run: i64[]. */
  public static final String TOTAL_STEPS_INPUT = TrainingRecipe.TOTAL_STEPS_INPUT;

  /** The output of training signatures that holds the learning rate, where there is one: f32[]. */
  public static final String RATE_OUTPUT = TrainingRecipe.RATE_OUTPUT;

  /** The variable that holds the seed, for random numbers in training: i64[]. */
  public static final String SEED_VARIABLE = "training.seed";

  /** The variable that counts training steps: i64[]. */
  public static final String STEP_VARIABLE = "training.step";

  public ElaboratedModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    losses = List.copyOf(losses);
    metrics = List.copyOf(metrics);
    steps = List.copyOf(steps);
  }

  /** The model's name. */
  public String name() {
    return graph.name();
  }

  /** A declared input, output, loss or metric. */
  public record Role(String name, TensorType type, String documentation, Location location) {}

  /**
   * A training step in words, as written in the file.
   *
   * @param signature the graph's signature
   * @param minimized the expression that is minimized
   * @param optimizer the optimizer with its arguments
   * @param clip the clip with its arguments
   */
  public record Step(String signature, String minimized, String optimizer, Optional<String> clip) {}
}
