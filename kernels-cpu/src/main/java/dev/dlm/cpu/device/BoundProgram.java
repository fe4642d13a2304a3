package dev.dlm.cpu.device;

import dev.dlm.cpu.step.BoundStep;
import dev.dlm.cpu.step.OperandMemory;
import dev.dlm.cpu.step.StepBinding;
import dev.dlm.ir.Dim;
import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.runtime.device.NonFiniteStep;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.device.StepObserver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The steps of a program over given memory: of a whole frame, or of a body inside of a step. Used
 * by one thread at a time.
 */
final class BoundProgram {
  private final CpuExecutable executable;
  private final Surroundings around;
  private final MemorySegment[] inputs;
  private final MemorySegment[] outputs;
  private final BoundStep[] steps;
  private final WrittenFloats[] written;
  private final int[] numbers;
  private final int countNumbers;
  private final Commit commit;
  private final long scratchBytes;

  private BoundProgram(
      CpuExecutable executable,
      Surroundings around,
      MemorySegment[] inputs,
      MemorySegment[] outputs,
      BoundStep[] steps,
      WrittenFloats[] written,
      Commit commit,
      long scratchBytes) {
    this.executable = executable;
    this.around = around;
    this.inputs = inputs;
    this.outputs = outputs;
    this.steps = steps;
    this.written = written;
    this.numbers = numbers(NumberedStep.of(executable.program()), steps.length);
    this.countNumbers = NumberedStep.count(executable.program());
    this.commit = commit;
    this.scratchBytes = scratchBytes;
  }

  /** The numbers of the steps that are in no other. */
  private static int[] numbers(List<NumberedStep> all, int count) {
    int[] numbers = new int[count];
    int next = 0;
    for (NumberedStep step : all) {
      if (step.parent() == NumberedStep.NONE) {
        numbers[next++] = step.number();
      }
    }
    return numbers;
  }

  /**
   * What a program is bound to.
   *
   * @param replacements the sizes again, as constants for each symbol
   * @param memory the program's arena
   * @param variables finds the memory of a variable by its name
   * @param arena what scratch memory is taken from
   */
  record Surroundings(
      Sizes sizes,
      Map<String, Dim> replacements,
      MemorySegment memory,
      Function<String, OperandMemory> variables,
      Arena arena) {

    Surroundings withArena(Arena other) {
      return new Surroundings(sizes, replacements, memory, variables, other);
    }
  }

  static BoundProgram bind(CpuExecutable executable, Surroundings around) {
    return new Binder(executable, around).bind();
  }

  /** Resolves buffers. By loops: the start of a service would pay for the class of each lambda. */
  private record Binder(CpuExecutable executable, Surroundings around) {
    BoundProgram bind() {
      Program program = executable.program();
      List<BoundStep> steps = new ArrayList<>();
      long scratch = 0;
      for (int i = 0; i < program.steps().size(); i++) {
        StepBinding binding = binding(i, Map.of());
        steps.add(executable.kernels().get(i).bind(binding));
        scratch += binding.scratchBytes();
      }
      Commit commit =
          Commit.bind(
              program,
              this::segment,
              name -> around.variables().apply(name).segment(),
              around.arena());
      return new BoundProgram(
          executable,
          around,
          ports(program.inputs()),
          ports(program.outputs()),
          steps.toArray(new BoundStep[0]),
          written(program),
          commit,
          scratch + commit.scratchBytes());
    }

    /** What a step is bound to, some of its operands being somewhere else. */
    StepBinding binding(int index, Map<PortUses.Use, MemorySegment> moved) {
      Step step = executable.program().steps().get(index);
      List<OperandMemory> operands = new ArrayList<>();
      for (int operand = 0; operand < step.countOperands(); operand++) {
        MemorySegment other = moved.get(new PortUses.Use(index, operand));
        operands.add(other == null ? memory(step.operand(operand)) : OperandMemory.changing(other));
      }
      return new StepBinding(
          step, around.sizes(), around.replacements(), operands, executable.pool(), around.arena());
    }

    private MemorySegment[] ports(List<Program.Port> ports) {
      MemorySegment[] segments = new MemorySegment[ports.size()];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = segment(ports.get(i).view());
      }
      return segments;
    }

    private WrittenFloats[] written(Program program) {
      WrittenFloats[] written = new WrittenFloats[program.steps().size()];
      for (int i = 0; i < written.length; i++) {
        List<WrittenFloats.Part> parts = new ArrayList<>();
        for (View view : program.steps().get(i).writes()) {
          if (view.type().dtype().isFloat()) {
            parts.add(new WrittenFloats.Part(view.type().dtype(), segment(view)));
          }
        }
        written[i] = new WrittenFloats(parts);
      }
      return written;
    }

    private MemorySegment segment(View view) {
      return memory(view).segment();
    }

    private OperandMemory memory(View view) {
      long bytes = around.sizes().of(view.type().sizeBytes());
      return switch (executable.program().buffers().get(view.buffer()).storage()) {
        case Storage.Arena(Dim offset) ->
            OperandMemory.changing(around.memory().asSlice(around.sizes().of(offset), bytes));
        case Storage.OfVariable(String name) -> {
          OperandMemory variable = around.variables().apply(name);
          yield new OperandMemory(
              variable.segment().asSlice(0, bytes), variable.entry(), variable.unchanged());
        }
        case Storage.Constant(int index) ->
            OperandMemory.changing(executable.constants().get(index).asSlice(0, bytes));
      };
    }
  }

  /** The memory of an input, exactly as long as its tensor. */
  MemorySegment input(int index) {
    return inputs[index];
  }

  int countInputs() {
    return inputs.length;
  }

  /** The memory of an output, exactly as long as its tensor. */
  MemorySegment output(int index) {
    return outputs[index];
  }

  int countOutputs() {
    return outputs.length;
  }

  /** The steps, in order. */
  BoundStep[] steps() {
    return steps;
  }

  /**
   * The steps where some operands are somewhere else.
   *
   * @param moved operands of loops and products
   * @param arena what scratch memory of the steps with moved operands is taken from
   */
  BoundStep[] stepsOver(Map<PortUses.Use, MemorySegment> moved, Arena arena) {
    Binder binder = new Binder(executable, around.withArena(arena));
    BoundStep[] others = steps.clone();
    for (PortUses.Use use : moved.keySet()) {
      if (others[use.step()] == steps[use.step()]) {
        others[use.step()] =
            executable.kernels().get(use.step()).bind(binder.binding(use.step(), moved));
      }
    }
    return others;
  }

  /** Executes all steps. */
  void runSteps() {
    run(steps);
  }

  /** Executes steps. */
  static void run(BoundStep[] steps) {
    for (BoundStep step : steps) {
      step.run();
    }
  }

  /** Executes steps up to the first that writes a value which is infinite or NaN. */
  Optional<NonFiniteStep> runStepsChecked() {
    for (int i = 0; i < steps.length; i++) {
      Optional<Step> found = Optional.empty();
      if (steps[i] instanceof ControlStep control) {
        found = control.run(ControlStep.CHECKED, 0);
      } else {
        steps[i].run();
      }
      if (found.isEmpty() && !written[i].areFinite()) {
        found = Optional.of(executable.program().steps().get(i));
      }
      if (found.isPresent()) {
        int index = executable.origin(i);
        return found.map(step -> new NonFiniteStep(index, step));
      }
    }
    return Optional.empty();
  }

  /**
   * Executes all steps and tells when each begins and ends.
   *
   * @param first the number of the first step, as {@link NumberedStep} counts
   */
  void runStepsObserved(StepObserver observer, int first) {
    runObserved(steps, observer, first);
  }

  /** As {@link #runStepsObserved}, over the steps of {@link #steps} or {@link #stepsOver}. */
  void runObserved(BoundStep[] steps, StepObserver observer, int first) {
    ControlStep.BodyRun bodies =
        (body, firstInside) -> {
          body.runStepsObserved(observer, firstInside);
          return Optional.empty();
        };
    for (int i = 0; i < steps.length; i++) {
      int number = first + numbers[i];
      observer.began(number);
      if (steps[i] instanceof ControlStep control) {
        control.run(bodies, number + 1);
      } else {
        steps[i].run();
      }
      observer.ended(number);
    }
  }

  /** How many numbers the steps take, those inside of steps among them. */
  int countNumbers() {
    return countNumbers;
  }

  /** Copies updates that were not made in place into their variables. */
  void commit() {
    commit.run();
  }

  /** Bytes that steps and updates need beside the arena. */
  long scratchBytes() {
    return scratchBytes;
  }
}
