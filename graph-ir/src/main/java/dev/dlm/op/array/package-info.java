/**
 * Ops that make, move and reduce elements: constants, shapes, slices, reductions. {@link
 * dev.dlm.op.array.Reshape} is a typical one.
 */
@NullMarked
package dev.dlm.op.array;

import org.jspecify.annotations.NullMarked;
