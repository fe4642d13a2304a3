package dev.dlm.ir;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one {@link Signature}: inputs and reads may be asked for at any time, nodes are made with
 * {@link #body}, results are named with {@link #output} and {@link #update}. Used by one thread.
 */
public final class SignatureBuilder {
  private final String name;
  private final BodyBuilder body = new BodyBuilder();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> reads = new LinkedHashMap<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final Map<String, Value> updates = new LinkedHashMap<>();

  SignatureBuilder(String name) {
    this.name = name;
  }

  /** The builder of the nodes. */
  public BodyBuilder body() {
    return body;
  }

  /**
   * Declares an input.
   *
   * @throws GraphException with code {@code duplicate-name} if the name is taken
   */
  public Value input(String input, TensorType type) {
    Value value = body.parameter(type);
    checkNew(inputs.putIfAbsent(input, value) == null, "input", input);
    return value;
  }

  /** The value of a variable before this run; the same value each time. */
  public Value read(Variable variable) {
    return reads.computeIfAbsent(variable.name(), unused -> body.parameter(variable.type()));
  }

  /**
   * Names a value as an output.
   *
   * @throws GraphException with code {@code duplicate-name} if the name is taken
   */
  public SignatureBuilder output(String output, Value value) {
    checkNew(outputs.putIfAbsent(output, value) == null, "output", output);
    return this;
  }

  /**
   * Gives a variable a new value at the end of the run.
   *
   * @throws GraphException if the value has another type than the variable, or the variable has a
   *     new value already
   */
  public SignatureBuilder update(Variable variable, Value value) {
    if (!variable.type().equals(value.type())) {
      throw new GraphException(
          Diagnostic.error(
              "shape-mismatch",
              "variable '"
                  + variable.name()
                  + "' is "
                  + variable.type()
                  + ", its new value "
                  + value.type(),
              variable.location()));
    }
    checkNew(
        updates.putIfAbsent(variable.name(), value) == null,
        "new value of variable",
        variable.name());
    return this;
  }

  private void checkNew(boolean isNew, String what, String which) {
    if (!isNew) {
      throw new GraphException(
          Diagnostic.error(
              "duplicate-name",
              "signature '" + name + "' declares " + what + " '" + which + "' twice",
              Location.UNKNOWN));
    }
  }

  /** The signature made so far. */
  Signature build() {
    List<Value> results = new ArrayList<>(outputs.values());
    results.addAll(updates.values());
    return new Signature(
        name,
        List.copyOf(inputs.keySet()),
        List.copyOf(reads.keySet()),
        body.buildWithParameters(parameters(), results),
        List.copyOf(outputs.keySet()),
        List.copyOf(updates.keySet()),
        body.guards());
  }

  private List<Value> parameters() {
    List<Value> parameters = new ArrayList<>(inputs.values());
    parameters.addAll(reads.values());
    return parameters;
  }
}
