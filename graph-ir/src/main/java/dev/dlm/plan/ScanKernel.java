package dev.dlm.plan;

import dev.dlm.ir.Dim;

/**
 * A loop of {@code length} iterations over the leading axis of tensors, as {@link
 * dev.dlm.op.control.Scan} describes it.
 *
 * <p>The step reads the initial carries, the scanned tensors and captured tensors; it writes the
 * last carries, the stacked results, and the memory that is the body's arena during the step. The
 * carries live in the memory of the last carries, into which the initial ones are copied first,
 * unless they lie there already.
 *
 * @param body its inputs are the slices of an iteration, its outputs the elements of the stacked
 *     results, its variables the carries and captured tensors, named by {@link BodyVariables}; its
 *     updates are the next carries
 * @param carries number of carries
 * @param scanned number of scanned tensors
 * @param reverse whether the last slice comes first
 */
public record ScanKernel(Program body, int carries, int scanned, Dim length, boolean reverse)
    implements Kernel {}
