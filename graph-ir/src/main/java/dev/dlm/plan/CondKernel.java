package dev.dlm.plan;

/**
 * A choice between two programs, as {@link dev.dlm.op.control.Cond} describes it.
 *
 * <p>The step reads the predicate and captured tensors; it writes the results, the memory that is
 * the arena of the first program during the step, and that which is the second's. The variables of
 * both programs are the captured tensors and the results, named by {@link BodyVariables}; their
 * updates are the results.
 */
public record CondKernel(Program whenTrue, Program whenFalse) implements Kernel {}
