package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
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
  private final VariableUse variables;
  private final CallerMemory callerMemory;
  private final long sizeBytes;

  /** What the next run executes. */
  private BoundStep[] next;

  /** What the last run executed. */
  private BoundStep[] last;

  private CpuFrame(
      Arena arena,
      BoundProgram program,
      VariableUse variables,
      CallerMemory callerMemory,
      long sizeBytes) {
    this.arena = arena;
    this.program = program;
    this.variables = variables;
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
      VariableUse.Binder use = new VariableUse.Binder(executable.program(), variables);
      BoundProgram program =
          BoundProgram.bind(
              executable,
              new BoundProgram.Surroundings(sizes, replacements, memory, use::variable, arena));
      CpuFrame frame =
          new CpuFrame(
              arena,
              program,
              use.build(),
              new CallerMemory(program, executable.portUses()),
              memory.byteSize() + program.scratchBytes());
      done = true;
      return frame;
    } finally {
      if (!done) {
        arena.close();
      }
    }
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
    variables.begin();
    try {
      BoundProgram.run(takeSteps());
      program.commit();
    } finally {
      variables.end();
    }
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
    variables.begin();
    try {
      Optional<NonFiniteStep> found = program.runStepsChecked();
      if (found.isEmpty()) {
        program.commit();
      }
      return found;
    } finally {
      variables.end();
    }
  }

  @Override
  public void runObserved(StepObserver observer) {
    variables.begin();
    try {
      program.runObserved(takeSteps(), observer, 0);
      program.commit();
    } finally {
      variables.end();
    }
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
    callerMemory.close();
    arena.close();
  }
}
