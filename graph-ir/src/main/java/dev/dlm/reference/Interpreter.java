package dev.dlm.reference;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import dev.dlm.op.Attributes;
import dev.dlm.op.EvalContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Evaluates bodies node by node with the ops' own reference evaluations. Slow and plain on purpose:
 * it is the truth that everything else is tested against, and what constant folding calls.
 * Stateless and thread-safe.
 */
public final class Interpreter {
  private Interpreter() {}

  /** What a signature gave: outputs and new values of variables, by name. */
  public record Result(Map<String, HostTensor> outputs, Map<String, HostTensor> updates) {}

  /**
   * Runs a signature; symbols are bound by the sizes of the inputs.
   *
   * @param inputs one tensor for each input of the signature
   * @param variables one tensor for each variable read
   * @throws GraphException if an input is missing, its type does not fit, or a guard fails
   */
  public static Result run(
      Signature signature, Map<String, HostTensor> inputs, Map<String, HostTensor> variables) {
    List<HostTensor> arguments = new ArrayList<>();
    signature.inputs().forEach(name -> arguments.add(required(inputs, name)));
    signature.reads().forEach(name -> arguments.add(required(variables, name)));
    Map<String, Dim> sizes = bind(signature.body().parameters(), arguments);
    for (Guard guard : signature.guards()) {
      Dim left = guard.left().substitute(sizes);
      Dim right = guard.right().substitute(sizes);
      if (!guard.relation().holds(left.asLong(), right.asLong())) {
        throw new GraphException(
            Diagnostic.error(
                "size-guard",
                guard.reason() + ": " + guard + " does not hold for " + sizes,
                guard.location()));
      }
    }
    List<HostTensor> results = evaluate(specialize(signature.body(), sizes), arguments);
    Map<String, HostTensor> outputs = new LinkedHashMap<>();
    Map<String, HostTensor> updates = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      int update = i - signature.outputs().size();
      if (update < 0) {
        outputs.put(signature.outputs().get(i), results.get(i));
      } else {
        updates.put(signature.updates().get(update), results.get(i));
      }
    }
    return new Result(outputs, updates);
  }

  /** Evaluates a body of constant shapes. */
  public static List<HostTensor> evaluate(Body body, List<HostTensor> arguments) {
    Map<Value, HostTensor> tensors = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      tensors.put(body.parameters().get(i), arguments.get(i));
    }
    for (Node node : body.nodes()) {
      List<HostTensor> operands = node.operands().stream().map(tensors::get).toList();
      List<HostTensor> results =
          node.op()
              .evaluate(
                  new EvalContext(operands, node.results().stream().map(Value::type).toList()));
      for (int i = 0; i < results.size(); i++) {
        tensors.put(node.results().get(i), results.get(i));
      }
    }
    return body.results().stream().map(tensors::get).toList();
  }

  /** The body with symbols replaced by sizes, types inferred anew. */
  public static Body specialize(Body body, Map<String, Dim> sizes) {
    BodyBuilder builder = new BodyBuilder();
    Map<Value, Value> mapped = new HashMap<>();
    for (Value parameter : body.parameters()) {
      mapped.put(
          parameter,
          builder.parameter(parameter.type().withShape(parameter.shape().substitute(sizes))));
    }
    for (Node node : body.nodes()) {
      List<Value> operands = node.operands().stream().map(mapped::get).toList();
      List<Value> results =
          builder.at(node.location()).apply(Attributes.substitute(node.op(), sizes), operands);
      for (int i = 0; i < results.size(); i++) {
        mapped.put(node.results().get(i), results.get(i));
      }
    }
    return builder.build(body.results().stream().map(mapped::get).toList());
  }

  /**
   * The sizes of the symbols that the parameters' types name, found from arguments.
   *
   * @throws GraphException if ranks, element types or sizes do not fit
   */
  public static Map<String, Dim> bind(List<Value> parameters, List<HostTensor> arguments) {
    Map<String, Dim> sizes = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      bindSymbols(parameters.get(i), arguments.get(i), sizes);
    }
    for (int i = 0; i < arguments.size(); i++) {
      if (!parameters.get(i).shape().substitute(sizes).equals(arguments.get(i).type().shape())) {
        throw misfit(parameters.get(i), arguments.get(i));
      }
    }
    return sizes;
  }

  private static void bindSymbols(Value parameter, HostTensor argument, Map<String, Dim> sizes) {
    if (parameter.rank() != argument.type().rank() || parameter.dtype() != argument.dtype()) {
      throw misfit(parameter, argument);
    }
    for (int axis = 0; axis < parameter.rank(); axis++) {
      Dim dim = parameter.dim(axis);
      for (String symbol : dim.symbols()) {
        if (dim.equals(Dim.symbol(symbol))) {
          sizes.putIfAbsent(symbol, argument.type().dim(axis));
        }
      }
    }
  }

  private static GraphException misfit(Value parameter, HostTensor argument) {
    return new GraphException(
        Diagnostic.error(
            "input-type",
            "expected " + parameter.type() + ", found " + argument.type(),
            Location.UNKNOWN));
  }

  /**
   * The tensor of a name.
   *
   * @throws GraphException with code {@code missing-input} if there is none
   */
  public static HostTensor required(Map<String, HostTensor> tensors, String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new GraphException(
          Diagnostic.error(
              "missing-input", "no tensor is given for '" + name + "'", Location.UNKNOWN));
    }
    return tensor;
  }
}
