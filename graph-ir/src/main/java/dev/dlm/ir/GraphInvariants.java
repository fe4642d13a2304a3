package dev.dlm.ir;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.op.Attributes;
import dev.dlm.op.InferContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What holds for every graph: values are numbered densely, parameters first; operands stand before
 * their use; result types are what the op infers; names are unique; variables are declared and read
 * and written in their type.
 */
public final class GraphInvariants {
  /** How deep bodies may stand in attributes of nodes. */
  public static final int MAX_DEPTH = 64;

  private final List<Value> defined = new ArrayList<>();

  private GraphInvariants() {}

  /** What does not hold, and where the node or variable comes from. */
  public record Violation(String message, Location location) {}

  /** Thrown inside this class alone. */
  private static final class Violated extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Violation violation;

    Violated(String message, Location location) {
      super(message, null, false, false);
      this.violation = new Violation(message, location);
    }
  }

  /** The first violation in a graph, in the order of its text form. */
  public static Optional<Violation> findViolation(Graph graph) {
    return find(() -> checkGraph(graph));
  }

  /** The first violation in a body. */
  public static Optional<Violation> findViolation(Body body) {
    return find(() -> checkBody(body, "body", 0));
  }

  private static Optional<Violation> find(Runnable check) {
    try {
      check.run();
      return Optional.empty();
    } catch (Violated e) {
      return Optional.of(e.violation);
    }
  }

  private static void checkGraph(Graph graph) {
    Map<String, Variable> variables = new HashMap<>();
    for (Variable variable : graph.variables()) {
      if (variables.put(variable.name(), variable) != null) {
        throw new Violated(
            "variable '" + variable.name() + "' is declared twice", variable.location());
      }
    }
    requireUnique("graph", "signature", graph.signatures().stream().map(Signature::name).toList());
    for (Signature signature : graph.signatures()) {
      checkSignature(signature, variables);
    }
  }

  private static void checkSignature(Signature signature, Map<String, Variable> variables) {
    String place = "signature '" + signature.name() + "'";
    requireUnique(place, "input", signature.inputs());
    requireUnique(place, "read of variable", signature.reads());
    requireUnique(place, "output", signature.outputs());
    requireUnique(place, "update of variable", signature.updates());
    checkBody(signature.body(), place, 0);
    for (int i = 0; i < signature.reads().size(); i++) {
      requireVariable(variables, place, signature.reads().get(i), signature.read(i));
    }
    for (int i = 0; i < signature.updates().size(); i++) {
      requireVariable(variables, place, signature.updates().get(i), signature.update(i));
    }
  }

  private static void requireUnique(String place, String kind, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new Violated(place + " has " + kind + " '" + name + "' twice", Location.UNKNOWN);
      }
    }
  }

  private static void requireVariable(
      Map<String, Variable> variables, String place, String name, Value value) {
    Variable variable = variables.get(name);
    if (variable == null) {
      throw new Violated(
          place + " uses variable '" + name + "', which is not declared", Location.UNKNOWN);
    }
    if (!variable.type().equals(value.type())) {
      throw new Violated(
          place + " has " + value + " for variable '" + name + "' of type " + variable.type(),
          variable.location());
    }
  }

  private static void checkBody(Body body, String place, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Violated(place + " is nested too deeply", Location.UNKNOWN);
    }
    GraphInvariants scope = new GraphInvariants();
    for (Value parameter : body.parameters()) {
      scope.define(parameter, "a parameter of " + place, Location.UNKNOWN);
    }
    for (Node node : body.nodes()) {
      scope.checkNode(node, place, depth);
    }
    for (Value result : body.results()) {
      scope.requireDefined(result, "a result of " + place, Location.UNKNOWN);
    }
  }

  private void checkNode(Node node, String place, int depth) {
    String name = node.op().name() + " in " + place;
    for (Value operand : node.operands()) {
      requireDefined(operand, "an operand of " + name, node.location());
    }
    List<TensorType> operands = node.operands().stream().map(Value::type).toList();
    List<TensorType> found = node.results().stream().map(Value::type).toList();
    List<TensorType> inferred;
    try {
      inferred = new InferContext(node.op(), operands, node.location()).infer();
    } catch (GraphException e) {
      throw new Violated(
          name + " is not well-typed: " + e.diagnostics().get(0).message(), node.location());
    }
    if (!found.equals(inferred)) {
      throw new Violated(
          name + " has results " + found + ", but " + inferred + " follow from its operands",
          node.location());
    }
    node.results().forEach(value -> define(value, "a result of " + name, node.location()));
    checkAttributes(node.op(), name, depth);
  }

  private static void checkAttributes(Object attribute, String name, int depth) {
    switch (attribute) {
      case Body body -> checkBody(body, "a body of " + name, depth + 1);
      case HostTensor _, Dim _, Shape _, TensorType _ -> {}
      case List<?> list -> list.forEach(element -> checkAttributes(element, name, depth));
      case Record record ->
          Attributes.valuesOf(record).forEach(value -> checkAttributes(value, name, depth));
      default -> {}
    }
  }

  private void define(Value value, String what, Location location) {
    if (value.id() != defined.size()) {
      throw new Violated(
          what + " is " + value + ", but the next number is " + defined.size(), location);
    }
    defined.add(value);
  }

  private void requireDefined(Value value, String what, Location location) {
    boolean known = value.id() >= 0 && value.id() < defined.size();
    if (!known) {
      throw new Violated(what + " is " + value + ", which is not defined before", location);
    }
    if (!defined.get(value.id()).equals(value)) {
      throw new Violated(
          what + " is " + value + ", which is defined as " + defined.get(value.id()), location);
    }
  }
}
