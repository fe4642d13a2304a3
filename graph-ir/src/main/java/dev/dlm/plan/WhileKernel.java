package dev.dlm.plan;

/**
 * A loop that goes on as long as a condition holds, as {@link dev.dlm.op.control.While} describes
 * it.
 *
 * <p>The step reads the initial carries and captured tensors; it writes the last carries, the
 * memory that is the condition's arena during the step, and that which is the body's. The carries
 * live in the memory of the last carries, into which the initial ones are copied first, unless they
 * lie there already.
 *
 * @param condition its variables are the carries and captured tensors, named by {@link
 *     BodyVariables}; its output is a boolean scalar
 * @param body its variables are the same; its updates are the next carries
 * @param carries number of carries
 * @param limit the most iterations; 0 for any number
 */
public record WhileKernel(Program condition, Program body, int carries, long limit)
    implements Kernel {}
