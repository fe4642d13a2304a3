package dev.dlm.cpu.device;

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

/** A program over an arena of its own. */
final class CpuFrame implements Frame {
  private final Arena arena;
  private final BoundProgram program;
  private final long sizeBytes;

  private CpuFrame(Arena arena, BoundProgram program, long sizeBytes) {
    this.arena = arena;
    this.program = program;
    this.sizeBytes = sizeBytes;
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
      return new CpuFrame(arena, program, memory.byteSize() + program.scratchBytes());
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
  public void writeInput(int index, MemorySegment source) {
    MemorySegment input = program.input(index);
    MemorySegment.copy(source, 0, input, 0, input.byteSize());
  }

  @Override
  public void run() {
    program.runSteps();
    program.commit();
  }

  @Override
  public Optional<NonFiniteStep> runChecked() {
    Optional<NonFiniteStep> found = program.runStepsChecked();
    if (found.isEmpty()) {
      program.commit();
    }
    return found;
  }

  @Override
  public void runObserved(StepObserver observer) {
    program.runStepsObserved(observer, 0);
    program.commit();
  }

  @Override
  public void readOutput(int index, MemorySegment target) {
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
