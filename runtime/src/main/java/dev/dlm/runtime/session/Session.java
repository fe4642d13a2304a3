package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.DeviceOptions;
import dev.dlm.runtime.device.Devices;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan at work on a device: holds the variables and runs the programs.
 *
 * <pre>{@code
 * try (Session session = Session.open(plan, SessionOptions.defaults())) {
 *   session.initialize(1);
 *   Map<String, Tensor> outputs = session.run("predict", Map.of("image", image));
 * }
 * }</pre>
 *
 * <p>Thread-safe. Programs that change no variable run at once on as many threads as call; a
 * program that changes variables runs alone. Sizes are bound anew for each call; what a binding
 * needs is kept for the next call with the same sizes.
 *
 * <p>State that belongs to a stream of calls, such as a key/value cache, lives in an {@link
 * InferenceStream}.
 *
 * <p>Variables are zero until {@link #initialize} has run or values were loaded through {@link
 * #variables}.
 */
public final class Session implements AutoCloseable {
  private final Plan plan;
  private final SessionOptions options;
  private final Devices.Lease lease;
  private final Map<String, DeviceMemory> memory;
  private final Map<String, PreparedProgram> programs = new LinkedHashMap<>();
  private final long variableBytes;
  private final Map<String, MemorySegment> zeros;
  private final FramePool frames;
  private final Variables variables;
  private final VariableLock lock = new VariableLock();

  private Session(
      Plan plan,
      SessionOptions options,
      Devices.Lease lease,
      Map<String, DeviceMemory> memory,
      Set<String> fixed) {
    this.plan = plan;
    this.options = options;
    this.lease = lease;
    this.memory = memory;
    this.variableBytes = variableBytes(plan);
    for (Program program : plan.programs()) {
      programs.put(
          program.name(), new PreparedProgram(plan, program, lease.device(), lock, memory));
    }
    this.zeros = zeros(plan);
    this.frames = new FramePool(options.maxBindings(), options.maxMemoryBytes() - variableBytes);
    this.variables = new Variables(lock, plan.sharedVariables(), memory, fixed);
  }

  /**
   * Opens a device and puts the variables there.
   *
   * @throws GraphException with code {@code unknown-device}, {@code device-unavailable}, {@code
   *     out-of-memory}, or {@code memory-limit} if the variables alone exceed the limit
   */
  public static Session open(Plan plan, SessionOptions options) {
    return open(plan, options, Map.of());
  }

  /**
   * Like {@link #open(Plan, SessionOptions)}, with the content of some variables given by memory
   * that the device may use in place.
   *
   * @param contents by variable name: exactly the variable's bytes, aligned to {@link
   *     Program#ALIGNMENT}, unchanged and alive until the session is closed
   * @throws IllegalArgumentException if a program writes such a variable, or its memory has another
   *     length than the variable
   */
  public static Session open(
      Plan plan, SessionOptions options, Map<String, MemorySegment> contents) {
    checkFixed(plan, contents);
    checkVariableBytes(plan, options);
    Devices.Lease lease = Devices.lease(options.device(), new DeviceOptions(options.threads()));
    Map<String, DeviceMemory> memory = new LinkedHashMap<>();
    boolean opened = false;
    try {
      for (Variable variable : plan.sharedVariables()) {
        MemorySegment content = contents.get(variable.name());
        memory.put(
            variable.name(),
            content == null
                ? lease.device().allocate(sizeBytes(variable))
                : lease.device().adopt(content));
      }
      Session session = new Session(plan, options, lease, memory, contents.keySet());
      opened = true;
      return session;
    } finally {
      if (!opened) {
        memory.values().forEach(DeviceMemory::close);
        lease.close();
      }
    }
  }

  private static void checkFixed(Plan plan, Map<String, MemorySegment> contents) {
    for (Variable variable : plan.sharedVariables()) {
      MemorySegment content = contents.get(variable.name());
      if (content != null && content.byteSize() != sizeBytes(variable)) {
        throw new IllegalArgumentException(
            "%d bytes for the variable '%s' of type %s"
                .formatted(content.byteSize(), variable.name(), variable.type()));
      }
    }
    for (Program program : plan.programs()) {
      for (Program.Port update : program.updates()) {
        if (contents.containsKey(update.name())) {
          throw new IllegalArgumentException(
              "program '%s' writes the variable '%s', whose content is fixed"
                  .formatted(program.name(), update.name()));
        }
      }
    }
  }

  private static void checkVariableBytes(Plan plan, SessionOptions options) {
    if (variableBytes(plan) > options.maxMemoryBytes()) {
      throw new GraphException(
          error(
              "memory-limit",
              "the variables of '%s' take %d bytes, of which %d are allowed"
                  .formatted(plan.name(), variableBytes(plan), options.maxMemoryBytes())));
    }
  }

  private static long variableBytes(Plan plan) {
    long bytes = 0;
    for (Variable variable : plan.sharedVariables()) {
      bytes = Math.addExact(bytes, sizeBytes(variable));
    }
    return bytes;
  }

  public Plan plan() {
    return plan;
  }

  public SessionOptions options() {
    return options;
  }

  /**
   * Measures what the session's device can do at most. Takes up to a few seconds at first, in which
   * nothing else should run.
   *
   * @return empty if the device cannot tell
   */
  public Optional<DeviceLimits> measureLimits() {
    return lease.device().measureLimits();
  }

  /** Threads that compute, the caller's among them. */
  public int threads() {
    return options.threads();
  }

  /** One line about the device, for people. */
  public String deviceDescription() {
    return lease.device().description();
  }

  /** The variables and their values. */
  public Variables variables() {
    return variables;
  }

  /**
   * Gives every variable its first value.
   *
   * @throws GraphException with code {@code unknown-signature} if the plan has no program {@link
   *     Graph#INITIALIZE}
   */
  public void initialize(long seed) {
    run(Graph.INITIALIZE, Map.of("seed", Tensor.of(new long[] {seed})));
  }

  /**
   * Runs a program.
   *
   * @param inputs one tensor for each input of the signature
   * @return a new tensor for each output, in the order of the signature
   * @throws GraphException with every problem found, before anything has run: {@code
   *     unknown-signature}, {@code unknown-input}, {@code missing-input}, {@code input-type},
   *     {@code size-conflict}, {@code size-guard}, {@code memory-limit}, {@code out-of-memory}
   */
  public Map<String, Tensor> run(String signature, Map<String, Tensor> inputs) {
    Call call = prepare(signature);
    call.inputs(inputs);
    Map<String, Tensor> outputs = call.allocateOutputs();
    call.run();
    return outputs;
  }

  /**
   * Runs a program and looks for values that are not finite after each step; stops at the first,
   * before new values of variables are copied.
   *
   * @throws GraphException as {@link #run}
   */
  public Optional<NonFinite> runChecked(String signature, Map<String, Tensor> inputs) {
    Call call = prepare(signature);
    call.inputs(inputs);
    return call.runChecked();
  }

  /**
   * A call that is made again and again with little overhead.
   *
   * @throws GraphException with code {@code unknown-signature}
   */
  public Call prepare(String signature) {
    return prepare(signature, null);
  }

  Call prepare(String signature, @Nullable StreamState stream) {
    return new Call(this, prepared(signature), stream);
  }

  /**
   * Begins a stream of calls with a state of its own: the plan's variables of role {@link
   * Variable.Role#STREAM}, zeros at first. A call that is made on the session itself is a stream of
   * that call alone.
   *
   * @throws GraphException with code {@code memory-limit} if the state has no room beside the
   *     variables, the streams that are open and the calls in flight
   */
  public InferenceStream openStream() {
    StreamState state = new StreamState(plan.streamVariables());
    if (!frames.reserve(state.sizeBytes())) {
      state.free();
      throw new GraphException(
          error(
                  "memory-limit",
                  "the state of a stream of '%s' takes %d bytes; %d of %d are in use"
                      .formatted(
                          plan.name(), state.sizeBytes(), usedBytes(), options.maxMemoryBytes()))
              .withHelp("close streams that are done, or allow more memory"));
    }
    return new InferenceStream(this, state);
  }

  /** What the variables of a stream hold when it begins. */
  Map<String, MemorySegment> zeros() {
    return zeros;
  }

  private static Map<String, MemorySegment> zeros(Plan plan) {
    Map<String, MemorySegment> zeros = new LinkedHashMap<>();
    for (Variable variable : plan.streamVariables()) {
      long bytes = sizeBytes(variable);
      zeros.put(
          variable.name(),
          Arena.ofAuto().allocate(Math.max(1, bytes), Program.ALIGNMENT).asSlice(0, bytes));
    }
    return zeros;
  }

  /**
   * The bytes that variables and one call take together, from the plan's formula.
   *
   * @throws GraphException with code {@code unknown-signature}
   * @throws ArithmeticException if they exceed 63 bits
   */
  public long requiredBytes(String signature, Map<String, Long> sizes) {
    Sizes bound = Sizes.of(sizes);
    PreparedProgram prepared = prepared(signature);
    long call = Math.addExact(prepared.streamBytes(), bound.of(prepared.program().arenaBytes()));
    return Math.addExact(variableBytes, call);
  }

  /**
   * Checks now what {@link #run} would refuse for its memory.
   *
   * @param sizes binds every symbol of the signature's inputs
   * @throws GraphException with code {@code memory-limit} if a call would take more than is
   *     allowed, or {@code unknown-signature}
   */
  public void requireMemory(String signature, Map<String, Long> sizes) {
    requireMemory(prepared(signature), Sizes.of(sizes));
  }

  /** Bytes that variables, open streams and all calls in flight or kept ready take now. */
  public long usedBytes() {
    return variableBytes + frames.usedBytes();
  }

  /** The number of bindings of sizes that are kept ready. */
  public int countBindings() {
    return frames.countBindings();
  }

  FramePool frames() {
    return frames;
  }

  /**
   * Binds sizes, after a check that the call may have the memory it takes.
   *
   * @throws GraphException with code {@code memory-limit}
   */
  Binding bind(PreparedProgram prepared, long[][] inputSizes) {
    Sizes sizes = prepared.inputs().bind(inputSizes);
    requireMemory(prepared, sizes);
    return frames.binding(prepared, sizes);
  }

  private void requireMemory(PreparedProgram prepared, Sizes sizes) {
    Program program = prepared.program();
    try {
      long arenaBytes = sizes.of(program.arenaBytes());
      long callBytes = Math.addExact(arenaBytes, prepared.streamBytes());
      if (callBytes > options.maxMemoryBytes() - variableBytes) {
        throw new GraphException(
            error(
                    "memory-limit",
                    "'%s' needs %d bytes for %s, %d are allowed"
                        .formatted(
                            program.name(),
                            Math.addExact(variableBytes, callBytes),
                            sizes,
                            options.maxMemoryBytes()))
                .withHelp(
                    "the variables take %d bytes, the call %s = %d"
                        .formatted(variableBytes, program.arenaBytes(), arenaBytes)));
      }
    } catch (ArithmeticException e) {
      throw new GraphException(
          error(
              "memory-limit",
              "'%s' needs more bytes for %s than 63 bits can count: %s"
                  .formatted(program.name(), sizes, program.arenaBytes())),
          e);
    }
  }

  VariableLock lock() {
    return lock;
  }

  private PreparedProgram prepared(String signature) {
    PreparedProgram known = programs.get(signature);
    if (known != null) {
      return known;
    }
    // The plan says what there is instead.
    return new PreparedProgram(plan, plan.program(signature), lease.device(), lock, memory);
  }

  private static long sizeBytes(Variable variable) {
    return variable.type().sizeBytes().asLong();
  }

  private static Diagnostic error(String code, String message) {
    return Diagnostic.error(code, message, Location.UNKNOWN);
  }

  /** Waits for calls in flight, then frees all memory. Closing twice does nothing. */
  @Override
  public void close() {
    if (!lock.close()) {
      return;
    }
    frames.close();
    memory.values().forEach(DeviceMemory::close);
    lease.close();
  }
}
