package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Large inputs and outputs that loops and products use where the caller has them, instead of copies
 * in the arena. Steps are bound to the caller's memory once it has been the same in several runs,
 * in more each time that it changed since. Used by one thread at a time.
 */
final class CallerMemory implements AutoCloseable {
  /** What is smaller is copied. */
  static final long LEAST_BYTES = 1 << 16;

  private static final int LEAST_PATIENCE = 2;
  private static final int MOST_PATIENCE = 1 << 20;

  private final BoundProgram program;
  private final PortUses uses;

  /** Where each input and output was in the last run; 0 for those that are copied. */
  private final long[] inputs;

  private final long[] outputs;
  private int patience = LEAST_PATIENCE;
  private int sightings;
  private BoundStep @Nullable [] steps;

  /** Scratch memory of the steps that were bound last. */
  private @Nullable Arena arena;

  CallerMemory(BoundProgram program, PortUses uses) {
    this.program = program;
    this.uses = uses;
    this.inputs = new long[program.countInputs()];
    this.outputs = new long[program.countOutputs()];
  }

  /**
   * The steps over the caller's memory.
   *
   * @return none if everything is copied in this run
   */
  BoundStep @Nullable [] steps(
      @Nullable MemorySegment[] givenInputs, @Nullable MemorySegment[] givenOutputs) {
    boolean any = false;
    boolean same = true;
    for (int i = 0; i < inputs.length; i++) {
      long address = 0;
      MemorySegment given = givenInputs[i];
      if (given != null && !uses.inputs().get(i).isEmpty()) {
        address = address(given, program.input(i));
      }
      same &= address == inputs[i];
      any |= address != 0;
      inputs[i] = address;
    }
    for (int i = 0; i < outputs.length; i++) {
      long address = 0;
      MemorySegment given = givenOutputs[i];
      if (given != null && !given.isReadOnly() && !uses.outputs().get(i).isEmpty()) {
        address = address(given, program.output(i));
      }
      same &= address == outputs[i];
      any |= address != 0;
      outputs[i] = address;
    }
    if (!same) {
      sightings = 0;
      steps = null;
    } else if (any && steps == null && ++sightings == patience && !overlap()) {
      steps = bind();
      patience = Math.min(2 * patience, MOST_PATIENCE);
    }
    return steps;
  }

  /** Whether an input is not copied in the runs for which there are steps. */
  boolean isInput(int index) {
    return inputs[index] != 0;
  }

  /** As {@link #isInput}. */
  boolean isOutput(int index) {
    return outputs[index] != 0;
  }

  /** 0 for memory that is copied, be it to find out what is wrong with it. */
  private static long address(MemorySegment given, MemorySegment own) {
    boolean isUsable =
        given.isNative()
            && given.byteSize() == own.byteSize()
            && given.byteSize() >= LEAST_BYTES
            && given.scope().isAlive()
            && given.isAccessibleBy(Thread.currentThread());
    return isUsable ? given.address() : 0;
  }

  /** Whether an output lies where an input or another output does. */
  private boolean overlap() {
    for (int output = 0; output < outputs.length; output++) {
      long from = outputs[output];
      long end = from + program.output(output).byteSize();
      for (int i = 0; from != 0 && i < inputs.length; i++) {
        if (inputs[i] < end && from < inputs[i] + program.input(i).byteSize()) {
          return true;
        }
      }
      for (int i = 0; from != 0 && i < output; i++) {
        if (outputs[i] < end && from < outputs[i] + program.output(i).byteSize()) {
          return true;
        }
      }
    }
    return false;
  }

  private BoundStep[] bind() {
    Map<PortUses.Use, MemorySegment> moved = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i] != 0) {
        MemorySegment memory = at(inputs[i], program.input(i).byteSize());
        uses.inputs().get(i).forEach(use -> moved.put(use, memory));
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      if (outputs[i] != 0) {
        MemorySegment memory = at(outputs[i], program.output(i).byteSize());
        uses.outputs().get(i).forEach(use -> moved.put(use, memory));
      }
    }
    close();
    Arena own = Arena.ofShared();
    arena = own;
    return program.stepsOver(moved, own);
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }

  /**
   * Memory that does not keep the caller's alive: a frame may outlive it, and is not run over it
   * unless it is given again.
   */
  private static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
