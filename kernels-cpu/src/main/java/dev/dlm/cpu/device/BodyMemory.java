package dev.dlm.cpu.device;

import dev.dlm.cpu.step.StepBinding;
import dev.dlm.diagnostic.InternalException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** The variables of programs inside of a step: the memory of the step's operands, by name. */
final class BodyMemory {
  private final StepBinding binding;
  private final Map<String, MemorySegment> segments = new HashMap<>();

  BodyMemory(StepBinding binding) {
    this.binding = binding;
  }

  /** Names an operand of the step. */
  void name(String variable, int operand) {
    segments.put(variable, binding.segment(operand));
  }

  /**
   * Binds a program inside.
   *
   * @param arena the operand of the step that is the program's arena
   */
  BoundProgram bind(CpuExecutable body, int arena) {
    BoundProgram bound =
        BoundProgram.bind(
            body,
            new BoundProgram.Surroundings(
                binding.sizes(),
                binding.replacements(),
                binding.segment(arena),
                this::variable,
                binding.arena()));
    binding.countScratch(bound.scratchBytes());
    return bound;
  }

  private MemorySegment variable(String name) {
    MemorySegment segment = segments.get(name);
    if (segment == null) {
      throw new InternalException("a program inside of a step uses '" + name + "'");
    }
    return segment;
  }
}
