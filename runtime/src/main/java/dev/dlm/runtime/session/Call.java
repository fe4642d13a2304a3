package dev.dlm.runtime.session;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.ir.DType;
import dev.dlm.plan.Program;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.StepObserver;
import dev.dlm.runtime.profile.RunRecorder;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program's call, to be made again and again: give inputs, say where outputs go, run. Inputs and
 * outputs stay given until they are given anew; input memory is read during {@link #run}, output
 * memory is written during it. What large inputs and outputs have off the heap, the same in each
 * run, is not copied where the device can do without.
 *
 * <pre>{@code
 * float[] image = new float[784];
 * float[] probability = new float[10];
 * Call call =
 *     model
 *         .prepare("predict")
 *         .input("image", Tensor.of(image, 1, 784))
 *         .output("probability", Tensor.of(probability, 1, 10));
 * while (next(image)) {
 *   call.run();
 *   answer(probability);
 * }
 * }</pre>
 *
 * <p>With the same sizes as before a run takes no lock that other calls take, and allocates
 * nothing. Between runs the session may use the call's memory of the device for others. Used by one
 * thread at a time, so callers have a call each; any number of calls of one session may run at
 * once, those of one {@link InferenceStream} one after the other, and those that change the
 * session's variables alone.
 */
public final class Call {
  private static final FrameRun PLAIN =
      frame -> {
        frame.run();
        return Optional.empty();
      };

  private final Session session;
  private final PreparedProgram prepared;
  private final @Nullable StreamState stream;
  private final @Nullable MemorySegment[] inputs;
  private final long[][] inputSizes;
  private final @Nullable MemorySegment[] outputs;
  private final Consumer<Frame> beginning = this::begin;
  private @Nullable Binding binding;

  /** The frame of the last run; another call may have it now. */
  private @Nullable PooledFrame last;

  /**
   * What the flight recorder is told of runs with {@link #recorded}; made when it first listens.
   */
  private @Nullable RunRecorder recorder;

  private @Nullable Binding recorded;

  /**
   * @param stream whose variables the call reads and changes; null for a stream of this call alone
   */
  Call(Session session, PreparedProgram prepared, @Nullable StreamState stream) {
    this.session = session;
    this.prepared = prepared;
    this.stream = stream;
    this.inputs = new MemorySegment[prepared.inputs().count()];
    this.inputSizes = new long[inputs.length][];
    this.outputs = new MemorySegment[prepared.program().outputs().size()];
    Arrays.fill(inputSizes, new long[0]);
  }

  /** The program that runs. */
  public Program program() {
    return prepared.program();
  }

  /**
   * The place of an input in the program's inputs.
   *
   * @throws GraphException with code {@code unknown-input}
   */
  public int inputIndex(String name) {
    return prepared.inputs().index(name);
  }

  /**
   * The place of an output in the program's outputs.
   *
   * @throws GraphException with code {@code unknown-output}
   */
  public int outputIndex(String name) {
    List<Program.Port> all = program().outputs();
    for (int index = 0; index < all.size(); index++) {
      if (all.get(index).name().equals(name)) {
        return index;
      }
    }
    List<String> names = all.stream().map(Program.Port::name).toList();
    throw new GraphException(
        Diagnostic.error(
                "unknown-output",
                "'%s' has no output '%s'".formatted(program().name(), name),
                Location.UNKNOWN)
            .withHelp(Suggestion.help(name, "outputs", names)));
  }

  /**
   * Gives an input.
   *
   * @throws GraphException with code {@code unknown-input} or {@code input-type}
   */
  public Call input(String name, Tensor tensor) {
    return input(inputIndex(name), tensor);
  }

  /**
   * Gives an input.
   *
   * @param index as {@link #inputIndex} tells
   * @throws GraphException with code {@code input-type}
   */
  public Call input(int index, Tensor tensor) {
    if (inputs[index] != null
        && tensor.dtype() == prepared.inputDType(index)
        && tensor.hasSizes(inputSizes[index])) {
      inputs[index] = tensor.memory();
      return this;
    }
    long[] sizes = tensor.sizes();
    check(index, tensor.dtype(), sizes);
    place(index, tensor.memory(), sizes);
    return this;
  }

  /**
   * Gives an input as memory with elements of the input's type.
   *
   * @param index as {@link #inputIndex} tells
   * @param sizes not kept
   * @throws GraphException with code {@code input-type}
   * @throws IllegalArgumentException if the memory has another length than the sizes say
   */
  public Call input(int index, MemorySegment memory, long... sizes) {
    if (inputs[index] == null || !Arrays.equals(inputSizes[index], sizes)) {
      check(index, prepared.inputDType(index), sizes);
    }
    long bytes = prepared.inputDType(index).sizeBytes();
    for (long size : sizes) {
      bytes = Math.multiplyExact(bytes, size);
    }
    if (memory.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "%d bytes for %s"
              .formatted(memory.byteSize(), Tensor.describe(prepared.inputDType(index), sizes)));
    }
    place(index, memory, sizes);
    return this;
  }

  /**
   * Says where an output goes.
   *
   * @param target exactly as long as the output will be for the sizes of the next run
   * @throws GraphException with code {@code unknown-output}
   */
  public Call output(String name, MemorySegment target) {
    outputs[outputIndex(name)] = target;
    return this;
  }

  /**
   * Says which tensor to fill with an output.
   *
   * @param target of the type that the output will have for the sizes of the next run
   * @throws GraphException with code {@code unknown-output}
   * @throws IllegalArgumentException if the elements are of another type than the output's
   */
  public Call output(String name, Tensor target) {
    int index = outputIndex(name);
    DType expected = program().outputs().get(index).view().type().dtype();
    if (target.dtype() != expected) {
      throw new IllegalArgumentException(
          "the output '%s' is of type %s, its place of %s"
              .formatted(name, expected.text(), target.dtype().text()));
    }
    outputs[index] = target.memory();
    return this;
  }

  /**
   * The sizes of an output for the inputs given.
   *
   * @throws GraphException if an input is missing, or the inputs do not go together
   */
  public long[] outputSizes(String name) {
    return bound().outputSizes(outputIndex(name)).clone();
  }

  /** Gives all inputs at once, reporting every problem together. */
  void inputs(Map<String, Tensor> tensors) {
    List<Diagnostic> problems = new ArrayList<>(prepared.inputs().checkNames(tensors.keySet()));
    for (int i = 0; i < inputs.length; i++) {
      Tensor tensor = tensors.get(program().inputs().get(i).name());
      if (tensor != null) {
        prepared.inputs().checkType(i, tensor.dtype(), tensor.sizes()).ifPresent(problems::add);
        place(i, tensor.memory(), tensor.sizes());
      }
    }
    if (!problems.isEmpty()) {
      throw new GraphException(problems);
    }
  }

  /** Makes a tensor for each output. */
  Map<String, Tensor> allocateOutputs() {
    Binding current = bound();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < outputs.length; i++) {
      Program.Port port = program().outputs().get(i);
      Tensor tensor = Tensor.zeros(port.view().type().dtype(), current.outputSizes(i));
      outputs[i] = tensor.memory();
      tensors.put(port.name(), tensor);
    }
    return tensors;
  }

  /**
   * Runs over the inputs, and brings those outputs out that have a place to go to. Memory off the
   * heap may be used where it is, and must not be freed meanwhile.
   *
   * @throws GraphException before anything has run if an input is missing ({@code missing-input}),
   *     the inputs do not go together ({@code size-conflict}, {@code size-guard}), or the call
   *     takes more memory than allowed ({@code memory-limit}) or than there is ({@code
   *     out-of-memory})
   * @throws IllegalArgumentException if an output's place has another length than the output
   */
  public void run() {
    if (RunRecorder.isWanted()) {
      runRecorded();
    } else {
      execute(beginning, PLAIN);
    }
  }

  /**
   * Like {@link #run}, but slower: looks at what each step wrote and stops at the first value that
   * is infinite or NaN, before new values of variables are copied. Outputs are read only if there
   * is none.
   */
  public Optional<NonFinite> runChecked() {
    return execute(this::writeInputs, Frame::runChecked)
        .map(at -> new NonFinite(program().name(), at.index(), at.step()));
  }

  /**
   * Like {@link #run}, but slower: tells when each step begins and ends.
   *
   * @param observer hears of the steps by the numbers of {@link dev.dlm.plan.NumberedStep}
   */
  public void runObserved(StepObserver observer) {
    execute(
        beginning,
        frame -> {
          frame.runObserved(observer);
          return Optional.empty();
        });
  }

  /**
   * The size of each symbol for the inputs given.
   *
   * @throws GraphException if an input is missing, or the inputs do not go together
   */
  public Map<String, Long> sizes() {
    return bound().sizes().asMap();
  }

  private void runRecorded() {
    Binding current = bound();
    RunRecorder events = recorder;
    if (events == null || recorded != current) {
      events = new RunRecorder(program(), current.sizes().asMap(), session.threads());
      recorder = events;
      recorded = current;
    }
    events.began();
    Optional<StepObserver> steps = events.steps();
    if (steps.isPresent()) {
      runObserved(steps.get());
    } else {
      execute(beginning, PLAIN);
    }
    events.ended();
  }

  /** How a frame executes its steps. */
  @FunctionalInterface
  private interface FrameRun {
    Optional<NonFiniteStep> run(Frame frame);
  }

  /**
   * Gives inputs, executes the steps, and copies outputs out if no step was found at fault.
   *
   * @param giving gives the inputs to the frame
   */
  private Optional<NonFiniteStep> execute(Consumer<Frame> giving, FrameRun steps) {
    Binding current = bound();
    checkOutputs(current);
    enterStream();
    try {
      PooledFrame frame = borrow(current);
      try {
        giving.accept(frame.frame());
        enterVariables(frame);
        try {
          Optional<NonFiniteStep> found = steps.run(frame.frame());
          if (found.isEmpty()) {
            // An output may lie in a variable, so it is read before others may change that.
            readOutputs(frame);
          }
          return found;
        } finally {
          leaveVariables(frame);
        }
      } finally {
        session.frames().giveBack(current, frame);
      }
    } finally {
      leaveStream();
      // The frame may have used memory that only this call keeps alive.
      Reference.reachabilityFence(this);
    }
  }

  private PooledFrame borrow(Binding current) {
    PooledFrame frame = session.frames().borrow(current, last, stream, session.zeros());
    last = frame;
    return frame;
  }

  private void enterVariables(PooledFrame frame) {
    if (prepared.changesSharedVariables()) {
      session.lock().enterAlone();
    } else {
      frame.reader().enter();
    }
  }

  private void leaveVariables(PooledFrame frame) {
    if (prepared.changesSharedVariables()) {
      session.lock().leaveAlone();
    } else {
      frame.reader().leave();
    }
  }

  private void enterStream() {
    if (stream != null) {
      stream.lock.lock();
      if (stream.closed) {
        stream.lock.unlock();
        throw new IllegalStateException("the stream is closed");
      }
    }
  }

  private void leaveStream() {
    if (stream != null) {
      stream.lock.unlock();
    }
  }

  private void check(int index, DType dtype, long[] sizes) {
    Optional<Diagnostic> problem = prepared.inputs().checkType(index, dtype, sizes);
    if (problem.isPresent()) {
      throw new GraphException(problem.get());
    }
  }

  private void place(int index, MemorySegment memory, long[] sizes) {
    inputs[index] = memory;
    if (!Arrays.equals(inputSizes[index], sizes)) {
      inputSizes[index] = sizes.clone();
      binding = null;
      last = null;
    }
  }

  private Binding bound() {
    Binding current = binding;
    if (current == null || !current.kept) {
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i] == null) {
          throw new GraphException(prepared.inputs().missing(i));
        }
      }
      current = session.bind(prepared, inputSizes);
      binding = current;
      last = null;
    }
    return current;
  }

  private void checkOutputs(Binding current) {
    for (int i = 0; i < outputs.length; i++) {
      MemorySegment target = outputs[i];
      if (target != null && target.byteSize() != current.outputBytes(i)) {
        throw new IllegalArgumentException(
            "the output '%s' takes %d bytes, its place has %d"
                .formatted(
                    program().outputs().get(i).name(), current.outputBytes(i), target.byteSize()));
      }
    }
  }

  private void begin(Frame frame) {
    frame.begin(inputs, outputs);
  }

  private void writeInputs(Frame frame) {
    for (int i = 0; i < inputs.length; i++) {
      MemorySegment input = inputs[i];
      if (input != null) {
        frame.writeInput(i, input);
      }
    }
  }

  private void readOutputs(PooledFrame frame) {
    for (int i = 0; i < outputs.length; i++) {
      MemorySegment target = outputs[i];
      if (target != null) {
        frame.frame().readOutput(i, target);
      }
    }
  }
}
