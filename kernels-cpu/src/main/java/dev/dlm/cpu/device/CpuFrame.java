package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.cpu.step.StepBinding;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Dim;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A program over an arena of its own. */
final class CpuFrame implements Frame {
  private final Arena arena;
  private final MemorySegment[] inputs;
  private final MemorySegment[] outputs;
  private final BoundStep[] steps;
  private final WrittenFloats[] written;
  private final Commit commit;
  private final long sizeBytes;

  private CpuFrame(
      Arena arena,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      BoundStep[] steps,
      WrittenFloats[] written,
      Commit commit,
      long sizeBytes) {
    this.arena = arena;
    this.inputs = inputs;
    this.outputs = outputs;
    this.steps = steps;
    this.written = written;
    this.commit = commit;
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
      CpuFrame frame = new Binder(executable, sizes, replacements, variables, arena).bind();
      done = true;
      return frame;
    } finally {
      if (!done) {
        arena.close();
      }
    }
  }

  /** Resolves buffers. */
  private static final class Binder {
    private final CpuExecutable executable;
    private final Program program;
    private final Sizes sizes;
    private final Map<String, Dim> replacements;
    private final Map<String, DeviceMemory> variables;
    private final Arena arena;
    private final MemorySegment memory;

    Binder(
        CpuExecutable executable,
        Sizes sizes,
        Map<String, Dim> replacements,
        Map<String, DeviceMemory> variables,
        Arena arena) {
      this.executable = executable;
      this.program = executable.program();
      this.sizes = sizes;
      this.replacements = replacements;
      this.variables = variables;
      this.arena = arena;
      this.memory = CpuMemory.allocate(arena, sizes.of(program.arenaBytes()));
    }

    CpuFrame bind() {
      List<BoundStep> steps = new ArrayList<>();
      long scratch = 0;
      for (int i = 0; i < program.steps().size(); i++) {
        Step step = program.steps().get(i);
        List<MemorySegment> segments =
            IntStream.range(0, step.countOperands())
                .mapToObj(operand -> segment(step.operand(operand)))
                .toList();
        StepBinding binding =
            new StepBinding(step, sizes, replacements, segments, executable.pool(), arena);
        steps.add(executable.kernels().get(i).bind(binding));
        scratch += binding.scratchBytes();
      }
      Commit commit = Commit.bind(program, this::segment, this::variable, arena);
      return new CpuFrame(
          arena,
          ports(program.inputs()),
          ports(program.outputs()),
          steps.toArray(BoundStep[]::new),
          program.steps().stream().map(this::written).toArray(WrittenFloats[]::new),
          commit,
          memory.byteSize() + scratch + commit.scratchBytes());
    }

    private MemorySegment[] ports(List<Program.Port> ports) {
      return ports.stream().map(port -> segment(port.view())).toArray(MemorySegment[]::new);
    }

    private WrittenFloats written(Step step) {
      return new WrittenFloats(
          step.writes().stream()
              .filter(view -> view.type().dtype().isFloat())
              .map(view -> new WrittenFloats.Part(view.type().dtype(), segment(view)))
              .toList());
    }

    private MemorySegment segment(View view) {
      long bytes = sizes.of(view.type().sizeBytes());
      return switch (program.buffers().get(view.buffer()).storage()) {
        case Storage.Arena(Dim offset) -> memory.asSlice(sizes.of(offset), bytes);
        case Storage.OfVariable(String name) -> variable(name).asSlice(0, bytes);
        case Storage.Constant(int index) -> executable.constants().get(index).asSlice(0, bytes);
      };
    }

    private MemorySegment variable(String name) {
      DeviceMemory found = variables.get(name);
      if (found instanceof CpuMemory cpu) {
        return cpu.segment();
      }
      throw new InternalException("variable '" + name + "' has no memory of the cpu device");
    }
  }

  @Override
  public void writeInput(int index, MemorySegment source) {
    MemorySegment.copy(source, 0, inputs[index], 0, inputs[index].byteSize());
  }

  @Override
  public void run() {
    for (BoundStep step : steps) {
      step.run();
    }
    commit.run();
  }

  @Override
  public OptionalInt runChecked() {
    for (int i = 0; i < steps.length; i++) {
      steps[i].run();
      if (!written[i].areFinite()) {
        return OptionalInt.of(i);
      }
    }
    commit.run();
    return OptionalInt.empty();
  }

  @Override
  public void readOutput(int index, MemorySegment target) {
    MemorySegment.copy(outputs[index], 0, target, 0, outputs[index].byteSize());
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
