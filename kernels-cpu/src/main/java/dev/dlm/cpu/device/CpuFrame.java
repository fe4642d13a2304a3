package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.cpu.step.OperandMemory;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Dim;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.device.StepObserver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A program over an arena of its own. */
final class CpuFrame implements Frame {
  private final Arena arena;
  private final BoundProgram program;
  private final CallerMemory callerMemory;
  private final long sizeBytes;

  /** What the next run executes. */
  private BoundStep[] next;

  /** What the last run executed. */
  private BoundStep[] last;

  private CpuFrame(Arena arena, BoundProgram program, CallerMemory callerMemory, long sizeBytes) {
    this.arena = arena;
    this.program = program;
    this.callerMemory = callerMemory;
    this.sizeBytes = sizeBytes;
    this.next = program.steps();
    this.last = next;
  }

  static CpuFrame bind(
      CpuExecutable executable,
      Sizes sizes,
      Map<String, Dim> replacements,
      Map<String, DeviceMemory> variables) {
    Arena arena = Arena.ofShared();
    boolean done = false;
    try {
      MemorySegment memory = CpuMemory.allocate(arena, sizes.of(executable.program().arenaBytes()));
      BoundProgram program =
          BoundProgram.bind(
              executable,
              new BoundProgram.Surroundings(
                  sizes, replacements, memory, name -> variable(name, variables), arena));
      done = true;
      return new CpuFrame(
          arena,
          program,
          new CallerMemory(program, executable.portUses()),
          memory.byteSize() + program.scratchBytes());
    } finally {
      if (!done) {
        arena.close();
      }
    }
  }

  private static OperandMemory variable(String name, Map<String, DeviceMemory> variables) {
    if (variables.get(name) instanceof CpuMemory cpu) {
      return new OperandMemory(cpu.segment(), Optional.empty());
    }
    throw new InternalException("variable '" + name + "' has no memory of the cpu device");
  }

  @Override
  public void begin(@Nullable MemorySegment[] inputs, @Nullable MemorySegment[] outputs) {
    BoundStep[] direct = callerMemory.steps(inputs, outputs);
    next = direct == null ? program.steps() : direct;
    for (int i = 0; i < inputs.length; i++) {
      MemorySegment source = inputs[i];
      if (source != null && (direct == null || !callerMemory.isInput(i))) {
        writeInput(i, source);
      }
    }
  }

  @Override
  public void writeInput(int index, MemorySegment source) {
    MemorySegment input = program.input(index);
    MemorySegment.copy(source, 0, input, 0, input.byteSize());
  }

  @Override
  public void run() {
    BoundProgram.run(takeSteps());
    program.commit();
  }

  /** The steps of this run; another over the caller's memory asks for it again. */
  private BoundStep[] takeSteps() {
    last = next;
    next = program.steps();
    return last;
  }

  @Override
  public Optional<NonFiniteStep> runChecked() {
    last = program.steps();
    Optional<NonFiniteStep> found = program.runStepsChecked();
    if (found.isEmpty()) {
      program.commit();
    }
    return found;
  }

  @Override
  public void runObserved(StepObserver observer) {
    program.runObserved(takeSteps(), observer, 0);
    program.commit();
  }

  @Override
  public void readOutput(int index, MemorySegment target) {
    if (last != program.steps() && callerMemory.isOutput(index)) {
      return;
    }
    MemorySegment output = program.output(index);
    MemorySegment.copy(output, 0, target, 0, output.byteSize());
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
