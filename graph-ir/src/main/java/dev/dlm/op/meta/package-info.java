/**
 * Ops about other nodes: {@link dev.dlm.op.meta.Gradient}, which the compiler expands, and {@link
 * dev.dlm.op.meta.StopGradient}.
 */
@NullMarked
package dev.dlm.op.meta;

import org.jspecify.annotations.NullMarked;
