/**
 * How the steps of a program run on the CPU. The entry class is {@link
 * dev.dlm.cpu.step.StepKernels}, which finds the kernel of a step; an op that has no kernel of its
 * own becomes loop kernels in {@link dev.dlm.cpu.step.LoopLowering}.
 */
@NullMarked
package dev.dlm.cpu.step;

import org.jspecify.annotations.NullMarked;
