package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.Dim;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.Guard;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The graph of one pass over a model: everything that its code computes. Signatures are cut out of
 * it: what their results need, and no more.
 */
final class Trace {
  private sealed interface Parameter {
    record Input(String name) implements Parameter {}

    record Read(Variable variable) implements Parameter {}
  }

  private final OpenBody root = new OpenBody();
  private final List<Parameter> parameters = new ArrayList<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> reads = new LinkedHashMap<>();
  private final Map<String, Value> current = new LinkedHashMap<>();
  private final Map<String, Variable> updated = new LinkedHashMap<>();
  private final Set<Guard> required = new LinkedHashSet<>();
  private OpenBody open = root;

  /** The builder of the body that is traced now. */
  BodyBuilder body() {
    return open.builder();
  }

  /** The body that is traced now. */
  OpenBody current() {
    return open;
  }

  /** Whether the body of a scan, a loop or a branch is traced now. */
  boolean isInside() {
    return open != root;
  }

  /** A value of the body that is traced now, in a form that outlives this body's code. */
  TracedValue hold(Value value) {
    return new TracedValue(this, open, value);
  }

  /** Does work inside of {@code body}, which was opened inside of the one that is traced now. */
  <T> T within(OpenBody body, Supplier<T> work) {
    OpenBody before = open;
    open = body;
    try {
      return work.get();
    } finally {
      open = before;
    }
  }

  /** The input of that name, made where it is not there yet. */
  Value input(String name, TensorType type) {
    Value input =
        inputs.computeIfAbsent(
            name,
            unused -> {
              parameters.add(new Parameter.Input(name));
              return root.parameter(type);
            });
    return open.bring(root, input);
  }

  /** The value of a variable: as it was before the run, or as it was last updated. */
  Value read(Variable variable) {
    Value value = current.get(variable.name());
    return open.bring(root, value == null ? readBefore(variable) : value);
  }

  private Value readBefore(Variable variable) {
    return reads.computeIfAbsent(
        variable.name(),
        unused -> {
          parameters.add(new Parameter.Read(variable));
          return root.parameter(variable.type());
        });
  }

  /** Gives a variable a new value, made outside of all inner bodies. */
  void update(Variable variable, Value value) {
    if (isInside()) {
      throw new InternalException("a variable is updated inside of a scan, a loop or a branch");
    }
    updated.put(variable.name(), variable);
    current.put(variable.name(), value);
  }

  /** Requires a relation of sizes, in every signature that binds them. */
  void require(Guard guard) {
    root.builder().require(guard);
    required.add(guard);
  }

  /** The new values of variables at the end, in the order of their first update. */
  Map<Variable, Value> updates() {
    Map<Variable, Value> updates = new LinkedHashMap<>();
    updated.forEach((name, variable) -> updates.put(variable, read(variable)));
    return updates;
  }

  /**
   * Writes a signature.
   *
   * @param kept inputs that the signature takes whether or not its results need them
   * @param updates where variables of streams are among them, the signature reads those as well;
   *     otherwise it sees a stream that begins, which is zeros
   */
  void write(
      GraphBuilder graph,
      String signature,
      Set<String> kept,
      Map<String, Value> outputs,
      Map<Variable, Value> updates) {
    List<Value> results = new ArrayList<>(outputs.values());
    results.addAll(updates.values());
    Body whole = root.builder().build(results);
    Set<Value> live = OpenBody.live(whole);
    SignatureBuilder to = graph.signature(signature);
    boolean inStream = updates.keySet().stream().anyMatch(v -> v.role() == Variable.Role.STREAM);
    Map<Value, Value> moved = new HashMap<>();
    Set<String> symbols = new HashSet<>();
    for (int i = 0; i < parameters.size(); i++) {
      Value from = whole.parameters().get(i);
      switch (parameters.get(i)) {
        case Parameter.Input(String name) -> {
          if (live.contains(from) || kept.contains(name)) {
            moved.put(from, to.input(name, from.type()));
            from.shape().dims().forEach(dim -> symbols.addAll(dim.symbols()));
          }
        }
        case Parameter.Read(Variable variable) -> {
          if (live.contains(from)) {
            boolean begins = variable.role() == Variable.Role.STREAM && !inStream;
            moved.put(from, begins ? to.body().filled(variable.type(), 0) : to.read(variable));
          }
        }
      }
    }
    OpenBody.copyLive(whole, to.body(), moved);
    for (Guard guard : required) {
      if (bound(guard.left(), symbols) && bound(guard.right(), symbols)) {
        to.body().require(guard);
      }
    }
    int next = 0;
    for (String output : outputs.keySet()) {
      to.output(output, moved(moved, whole, next++));
    }
    for (Variable variable : updates.keySet()) {
      to.update(variable, moved(moved, whole, next++));
    }
  }

  private static Value moved(Map<Value, Value> moved, Body whole, int result) {
    Value value = moved.get(whole.results().get(result));
    if (value == null) {
      throw new IllegalStateException("a result was not carried over");
    }
    return value;
  }

  private static boolean bound(Dim dim, Set<String> symbols) {
    return symbols.containsAll(dim.symbols());
  }
}
