package dev.dlm.compiler.memory;

import dev.dlm.compiler.fuse.BodyValues;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import dev.dlm.op.array.Constant;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every value that steps or ports touch a buffer: inputs and intermediate values in the
 * arena, variables and constants where they are. A step writes in place where {@link InPlace}
 * allows it and the old value is not needed any more; the new value of a variable is written into
 * the variable itself where nothing reads the old one later.
 */
public final class BufferAssignment {
  private static final int BEFORE_ALL = -1;
  private static final int AFTER_ALL = Integer.MAX_VALUE;

  private final Signature signature;
  private final BodyValues values;
  private final List<DraftStep> steps;
  private final Map<Value, Integer> writtenBy = new HashMap<>();
  private final Map<Value, Integer> lastUse = new HashMap<>();

  /** Values that share bytes: each points to the value whose buffer it takes. */
  private final Map<Value, Value> shares = new LinkedHashMap<>();

  /** Values written into a variable, and values that are variables. */
  private final Map<Value, String> inVariable = new LinkedHashMap<>();

  private final List<HostTensor> constants = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<Value, Integer> bufferOf = new HashMap<>();
  private final Map<String, Integer> bufferOfVariable = new HashMap<>();
  private Dim arenaBytes = Dim.ZERO;

  /**
   * Assigns buffers.
   *
   * @param steps in the order in which they run
   */
  public BufferAssignment(Signature signature, BodyValues values, List<DraftStep> steps) {
    this.signature = signature;
    this.values = values;
    this.steps = List.copyOf(steps);
    findLives();
    for (int i = 0; i < signature.reads().size(); i++) {
      inVariable.put(signature.read(i), signature.reads().get(i));
    }
    for (int i = 0; i < signature.updates().size(); i++) {
      updateInPlace(signature.updates().get(i), values.rootOf(signature.update(i)));
    }
    for (int step = 0; step < this.steps.size(); step++) {
      writeInPlace(step);
    }
    makeBuffers();
  }

  /** The buffer of a value under the value's type. */
  public View view(Value value) {
    Integer buffer = bufferOf.get(holderOf(values.rootOf(value)));
    if (buffer == null) {
      throw new InternalException("value " + value + " has no buffer");
    }
    return new View(buffer, value.type());
  }

  public List<Buffer> buffers() {
    return List.copyOf(buffers);
  }

  public List<HostTensor> constants() {
    return List.copyOf(constants);
  }

  public Dim arenaBytes() {
    return arenaBytes;
  }

  private void findLives() {
    for (int i = 0; i < signature.inputs().size(); i++) {
      writtenBy.put(signature.input(i), BEFORE_ALL);
      lastUse.put(signature.input(i), BEFORE_ALL);
    }
    for (int step = 0; step < steps.size(); step++) {
      for (Value write : steps.get(step).writes()) {
        writtenBy.put(write, step);
        lastUse.put(write, step);
      }
      for (Value read : steps.get(step).reads()) {
        lastUse.put(values.rootOf(read), step);
      }
    }
    signature.body().results().forEach(result -> lastUse.put(values.rootOf(result), AFTER_ALL));
  }

  private Value holderOf(Value root) {
    Value holder = root;
    Value next = shares.get(holder);
    while (next != null) {
      holder = next;
      next = shares.get(holder);
    }
    return holder;
  }

  private int lastUseOf(Value root) {
    return lastUse.getOrDefault(root, BEFORE_ALL);
  }

  private void updateInPlace(String variable, Value update) {
    Integer step = writtenBy.get(update);
    if (step == null || step == BEFORE_ALL || inVariable.containsKey(update)) {
      return;
    }
    int read = signature.reads().indexOf(variable);
    if (read >= 0) {
      Value old = signature.read(read);
      boolean neededLater = lastUseOf(old) > step;
      if (neededLater || (lastUseOf(old) == step && !canOverwrite(step, old, update))) {
        return;
      }
    }
    inVariable.put(update, variable);
  }

  private void writeInPlace(int step) {
    for (Value write : steps.get(step).writes()) {
      if (inVariable.containsKey(write)) {
        continue;
      }
      for (Value read : steps.get(step).reads()) {
        Value root = values.rootOf(read);
        Value holder = holderOf(root);
        if (isFreedBy(step, root, holder) && canOverwrite(step, holder, write)) {
          shares.put(write, holder);
          lastUse.put(holder, lastUseOf(write));
          break;
        }
      }
    }
  }

  /** Whether a value lies in the arena and nothing reads its bytes after a step. */
  private boolean isFreedBy(int step, Value root, Value holder) {
    return writtenBy.containsKey(root)
        && !inVariable.containsKey(holder)
        && lastUseOf(root) <= step
        && lastUseOf(holder) <= step;
  }

  /**
   * Whether a step may write a value over the bytes of another, under whatever shapes it reads
   * them.
   */
  private boolean canOverwrite(int step, Value holder, Value write) {
    DraftStep draft = steps.get(step);
    if (!holder.type().sizeBytes().equals(write.type().sizeBytes())) {
      return false;
    }
    int written = draft.reads().size() + draft.writes().indexOf(write);
    for (int i = 0; i < draft.reads().size(); i++) {
      Value read = draft.reads().get(i);
      if (holderOf(values.rootOf(read)).equals(holder)) {
        boolean sameSize = read.dtype().sizeBytes() == write.dtype().sizeBytes();
        if (!sameSize || !InPlace.isSafe(draft, i, written)) {
          return false;
        }
      }
    }
    return true;
  }

  private void makeBuffers() {
    List<Value> inArena = new ArrayList<>();
    signature
        .inputs()
        .forEach(name -> inArena.add(signature.input(signature.inputs().indexOf(name))));
    for (DraftStep step : steps) {
      step.writes().stream()
          .filter(write -> holderOf(write).equals(write) && !inVariable.containsKey(write))
          .forEach(inArena::add);
    }
    List<ArenaLayout.Life> lives = new ArrayList<>();
    for (Value value : inArena) {
      lives.add(
          new ArenaLayout.Life(
              value.type().sizeBytes(),
              writtenBy.getOrDefault(value, BEFORE_ALL),
              lastUseOf(value)));
    }
    ArenaLayout.Layout layout = ArenaLayout.place(lives);
    arenaBytes = layout.sizeBytes();
    for (int i = 0; i < inArena.size(); i++) {
      addBuffer(inArena.get(i), new Storage.Arena(layout.offsets().get(i)));
    }
    inVariable.forEach(this::addVariable);
    for (DraftStep step : steps) {
      step.reads().forEach(read -> addConstant(values.rootOf(read)));
    }
    signature.body().results().forEach(result -> addConstant(values.rootOf(result)));
  }

  private void addBuffer(Value value, Storage storage) {
    bufferOf.put(value, buffers.size());
    buffers.add(new Buffer(value.type().sizeBytes(), storage));
  }

  private void addVariable(Value value, String variable) {
    Integer known = bufferOfVariable.get(variable);
    if (known != null) {
      bufferOf.put(value, known);
    } else {
      bufferOfVariable.put(variable, buffers.size());
      addBuffer(value, new Storage.OfVariable(variable));
    }
  }

  private void addConstant(Value root) {
    if (!bufferOf.containsKey(holderOf(root))
        && values.producer(root).orElseThrow().op() instanceof Constant constant) {
      addBuffer(root, new Storage.Constant(constants.size()));
      constants.add(constant.value());
    }
  }
}
