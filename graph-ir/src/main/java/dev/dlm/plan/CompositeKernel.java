package dev.dlm.plan;

import dev.dlm.op.CompositeOp;

/**
 * A composite op that stays one step, and the program that computes the same. A device that has a
 * kernel for the op runs that; any other runs the program, which {@link CompositeExpansion} puts in
 * the step's place.
 *
 * <p>The step reads the op's operands and writes its results. The variables of the expansion are
 * the operands, as captured tensors, and the results, named by {@link BodyVariables}; its updates
 * are the results. Its arena is memory that only a device without the kernel needs.
 */
public record CompositeKernel(CompositeOp op, Program expansion) implements Kernel {}
