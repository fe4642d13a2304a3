package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.Variable;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A stream of calls with a state of its own, for example a conversation with its key/value cache:
 * each call finds the variables of role {@link Variable.Role#STREAM} as the last one left them.
 * Thousands of streams may share one session; each costs the bytes of its state.
 *
 * <pre>{@code
 * try (InferenceStream stream = session.openStream()) {
 *   for (int token : prompt) {
 *     stream.run("predict", Map.of("token", Tensor.of(new int[] {token})));
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe: calls of one stream run one after the other, calls of several streams at once. If
 * a call fails while it runs, {@link #reset} or {@link #write} the state before the next one.
 */
public final class InferenceStream implements AutoCloseable {
  private final Session session;
  private final StreamState state;

  InferenceStream(Session session, StreamState state) {
    this.session = session;
    this.state = state;
  }

  /**
   * Runs a program in this stream.
   *
   * @param inputs one tensor for each input of the signature
   * @return a new tensor for each output, in the order of the signature
   * @throws GraphException as {@link Session#run}
   */
  public Map<String, Tensor> run(String signature, Map<String, Tensor> inputs) {
    Call call = prepare(signature);
    call.inputs(inputs);
    Map<String, Tensor> outputs = call.allocateOutputs();
    call.run();
    return outputs;
  }

  /**
   * A call in this stream that is made again and again with little overhead.
   *
   * @throws GraphException with code {@code unknown-signature}
   */
  public Call prepare(String signature) {
    return session.prepare(signature, state);
  }

  /** The names and types of the state, in the order of the plan. */
  public List<Variable> declared() {
    return session.plan().streamVariables();
  }

  /** A copy of the state, by variable. */
  public Map<String, Tensor> read() {
    enter();
    try {
      state.settle();
      Map<String, Tensor> values = new LinkedHashMap<>();
      for (Variable variable : declared()) {
        Tensor copy = Tensor.zeros(variable.type().dtype(), variable.type().shape().asLongs());
        copy.memory().copyFrom(memory(variable));
        values.put(variable.name(), copy);
      }
      return values;
    } finally {
      state.lock.unlock();
    }
  }

  /**
   * Gives variables of the state new values, all or none.
   *
   * @throws GraphException with code {@code unknown-variable} or {@code variable-type}
   */
  public void write(Map<String, Tensor> values) {
    values.forEach((name, value) -> {
      Variable variable = variable(name);
      if (!variable.type().equals(value.type())) {
        throw new GraphException(
            Diagnostic.error(
                "variable-type",
                "the variable '%s' is %s, found %s".formatted(name, variable.type(), value.type()),
                variable.location()));
      }
    });
    enter();
    try {
      state.settle();
      values.forEach((name, value) -> memory(variable(name)).copyFrom(value.memory()));
    } finally {
      state.lock.unlock();
    }
  }

  /** Begins anew: zeros. */
  public void reset() {
    enter();
    try {
      state.settle();
      state.saved().values().forEach(memory -> memory.fill((byte) 0));
    } finally {
      state.lock.unlock();
    }
  }

  /**
   * A further stream that begins with a copy of this one's state.
   *
   * @throws GraphException as {@link Session#openStream}
   */
  public InferenceStream fork() {
    InferenceStream copy = session.openStream();
    enter();
    try {
      state.settle();
      state.saved().forEach((name, memory) -> copy.memory(copy.variable(name)).copyFrom(memory));
    } finally {
      state.lock.unlock();
    }
    return copy;
  }

  private MemorySegment memory(Variable variable) {
    MemorySegment memory = state.saved().get(variable.name());
    if (memory == null) {
      throw new IllegalStateException("no memory for the variable '" + variable.name() + "'");
    }
    return memory;
  }

  private Variable variable(String name) {
    List<Variable> declared = declared();
    return declared.stream()
        .filter(variable -> variable.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new GraphException(
                Diagnostic.error(
                        "unknown-variable",
                        "a stream of '%s' has no variable '%s'"
                            .formatted(session.plan().name(), name),
                        Location.UNKNOWN)
                    .withHelp(
                        Suggestion.help(
                            name, "variables", declared.stream().map(Variable::name).toList()))));
  }

  private void enter() {
    state.lock.lock();
    if (state.closed) {
      state.lock.unlock();
      throw new IllegalStateException("the stream is closed");
    }
  }

  /** Frees the state, after the call in flight. Closing twice does nothing. */
  @Override
  public void close() {
    state.lock.lock();
    try {
      if (!state.closed) {
        state.free();
        session.frames().release(state.sizeBytes());
      }
    } finally {
      state.lock.unlock();
    }
  }
}
