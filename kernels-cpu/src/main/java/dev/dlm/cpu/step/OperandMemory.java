package dev.dlm.cpu.step;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Where an operand of a step lies.
 *
 * @param segment exactly as long as the tensor
 * @param entry of the outermost loop around the step through which the operand stays the same; none
 *     if the step may find it changed at each run
 * @param unchanged the variable that the operand is; none if it is none, or one that the program
 *     itself changes
 */
public record OperandMemory(
    MemorySegment segment, Optional<LoopEntry> entry, Optional<UnchangedVariable> unchanged) {

  /** Memory that a step may find changed at each run. */
  public static OperandMemory changing(MemorySegment segment) {
    return new OperandMemory(segment, Optional.empty(), Optional.empty());
  }
}
