package dev.dlm.ir;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a {@link Graph}: declare variables, then write signatures over them.
 *
 * <pre>{@code
 * GraphBuilder graph = new GraphBuilder("linear");
 * Variable w = graph.variable("w", TensorType.of(F32, 3, 1), Variable.Role.WEIGHT);
 * SignatureBuilder predict = graph.signature("predict");
 * Value x = predict.input("x", TensorType.of(F32, Dim.symbol("B"), Dim.of(3)));
 * predict.output("y", predict.body().matMul(x, predict.read(w)));
 * Graph model = graph.build();
 * }</pre>
 *
 * <p>Used by one thread.
 */
public final class GraphBuilder {
  private final String name;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, SignatureBuilder> signatures = new LinkedHashMap<>();

  public GraphBuilder(String name) {
    this.name = name;
  }

  /** Declares a variable without a place in a source text. */
  public Variable variable(String path, TensorType type, Variable.Role role) {
    return variable(new Variable(path, type, role, Location.UNKNOWN));
  }

  /**
   * Declares a variable.
   *
   * @throws GraphException with code {@code duplicate-name} if the name is taken
   */
  public Variable variable(Variable variable) {
    if (variables.putIfAbsent(variable.name(), variable) != null) {
      throw new GraphException(
          Diagnostic.error(
              "duplicate-name",
              "variable '" + variable.name() + "' is declared twice",
              variable.location()));
    }
    return variable;
  }

  /**
   * Begins a signature.
   *
   * @throws GraphException with code {@code duplicate-name} if the name is taken
   */
  public SignatureBuilder signature(String signature) {
    SignatureBuilder builder = new SignatureBuilder(signature);
    if (signatures.putIfAbsent(signature, builder) != null) {
      throw new GraphException(
          Diagnostic.error(
              "duplicate-name",
              "signature '" + signature + "' is declared twice",
              Location.UNKNOWN));
    }
    return builder;
  }

  /**
   * The graph made so far.
   *
   * @throws GraphException if a signature reads or writes a variable that is not declared
   */
  public Graph build() {
    List<Signature> built = new ArrayList<>();
    for (SignatureBuilder builder : signatures.values()) {
      Signature signature = builder.build();
      List<String> used = new ArrayList<>(signature.reads());
      used.addAll(signature.updates());
      for (String variable : used) {
        if (!variables.containsKey(variable)) {
          throw new GraphException(
              Diagnostic.error(
                  "unknown-variable",
                  "signature '"
                      + signature.name()
                      + "' uses variable '"
                      + variable
                      + "', which is not declared",
                  Location.UNKNOWN));
        }
      }
      built.add(signature);
    }
    return new Graph(name, List.copyOf(variables.values()), built);
  }
}
