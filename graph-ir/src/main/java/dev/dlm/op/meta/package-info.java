/**
 * Ops about other nodes: {@link dev.dlm.op.meta.Gradient}, which the compiler expands, {@link
 * dev.dlm.op.meta.StopGradient}, and {@link dev.dlm.op.meta.Region}.
 */
@NullMarked
package dev.dlm.op.meta;

import org.jspecify.annotations.NullMarked;
