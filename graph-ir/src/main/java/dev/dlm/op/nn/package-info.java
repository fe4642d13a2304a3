/**
 * Contractions and windows: {@link dev.dlm.op.nn.Dot}, convolution with its two gradients, and
 * window reductions.
 */
@NullMarked
package dev.dlm.op.nn;

import org.jspecify.annotations.NullMarked;
