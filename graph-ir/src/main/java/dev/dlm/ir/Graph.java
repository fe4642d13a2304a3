package dev.dlm.ir;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model: variables and the signatures over them. What every front end produces and every pass
 * takes and returns. Immutable.
 *
 * @param variables in the order of their declaration, names unique
 * @param signatures in the order of their declaration, names unique
 */
public record Graph(String name, List<Variable> variables, List<Signature> signatures) {
  /**
   * The signature that computes the first value of every variable from the input {@code seed:
   * i64[]}.
   */
  public static final String INITIALIZE = "initialize";

  /** The signature that computes the outputs. */
  public static final String PREDICT = "predict";

  /** The signature that computes loss, metrics and outputs without changing anything. */
  public static final String EVALUATE = "evaluate";

  /**
   * The signature of one training step; further steps of a recipe are named {@code train.1}, {@code
   * train.2}, …
   */
  public static final String TRAIN = "train";

  public Graph {
    variables = List.copyOf(variables);
    signatures = List.copyOf(signatures);
  }

  /** The signature of the given name. */
  public Optional<Signature> findSignature(String wanted) {
    return signatures.stream().filter(signature -> signature.name().equals(wanted)).findFirst();
  }

  /**
   * The signature of the given name.
   *
   * @throws GraphException if there is none
   */
  public Signature signature(String wanted) {
    return findSignature(wanted)
        .orElseThrow(() ->
            new GraphException(
                Diagnostic.error(
                        "unknown-signature",
                        "graph " + name + " has no signature '" + wanted + "'",
                        Location.UNKNOWN)
                    .withHelp(
                        "it has: "
                            + String.join(
                                ", ", signatures.stream().map(Signature::name).toList()))));
  }

  /** The variable of the given name. */
  public Optional<Variable> findVariable(String wanted) {
    return variables.stream().filter(variable -> variable.name().equals(wanted)).findFirst();
  }

  /** This graph with every signature's body replaced. */
  public Graph mapBodies(UnaryOperator<Body> change) {
    List<Signature> changed =
        signatures.stream()
            .map(signature -> signature.withBody(change.apply(signature.body())))
            .toList();
    return new Graph(name, variables, changed);
  }
}
