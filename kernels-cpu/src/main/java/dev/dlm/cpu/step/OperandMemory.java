package dev.dlm.cpu.step;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Where an operand of a step lies.
 *
 * @param segment exactly as long as the tensor
 * @param entry of the outermost loop around the step through which the operand stays the same; none
 *     if the step may find it changed at each run
 */
public record OperandMemory(MemorySegment segment, Optional<LoopEntry> entry) {}
