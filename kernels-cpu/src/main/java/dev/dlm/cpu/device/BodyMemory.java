package dev.dlm.cpu.device;

import dev.dlm.cpu.step.LoopEntry;
import dev.dlm.cpu.step.OperandMemory;
import dev.dlm.cpu.step.StepBinding;
import dev.dlm.diagnostic.InternalException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The variables of programs inside of a step: the memory of the step's operands, by name. */
final class BodyMemory {
  private final StepBinding binding;
  private final Map<String, OperandMemory> operands = new HashMap<>();

  BodyMemory(StepBinding binding) {
    this.binding = binding;
  }

  /** Names an operand of the step that a program inside may change. */
  void name(String variable, int operand) {
    operands.put(variable, OperandMemory.changing(binding.segment(operand)));
  }

  /** Names an operand of the step that no program inside changes. */
  void nameCapture(String variable, int operand) {
    operands.put(
        variable,
        new OperandMemory(binding.segment(operand), binding.entry(operand), Optional.empty()));
  }

  /**
   * Names an operand of the step that stays the same through all iterations of a loop.
   *
   * @param entry what runs where the loop begins
   */
  void nameInvariant(String variable, int operand, LoopEntry entry) {
    Optional<LoopEntry> outermost = binding.entry(operand).or(() -> Optional.of(entry));
    operands.put(
        variable, new OperandMemory(binding.segment(operand), outermost, Optional.empty()));
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

  private OperandMemory variable(String name) {
    OperandMemory operand = operands.get(name);
    if (operand == null) {
      throw new InternalException("a program inside of a step uses '" + name + "'");
    }
    return operand;
  }
}
