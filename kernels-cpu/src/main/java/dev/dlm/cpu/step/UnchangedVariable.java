package dev.dlm.cpu.step;

/**
 * A variable that a program only reads.
 *
 * @param entry runs before the next run of a frame after somebody has changed the variable
 * @param matrices its packed forms, of all frames
 */
public record UnchangedVariable(LoopEntry entry, KeptMatrices matrices) {}
