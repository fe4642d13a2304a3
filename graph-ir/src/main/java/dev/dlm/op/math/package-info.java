/**
 * Element-wise ops: each applies one {@link dev.dlm.op.ScalarFunction} to corresponding elements.
 * {@link dev.dlm.op.math.Add} is a typical one.
 */
@NullMarked
package dev.dlm.op.math;

import org.jspecify.annotations.NullMarked;
