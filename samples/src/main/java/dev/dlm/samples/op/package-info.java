/**
 * Ops that a user adds: {@link dev.dlm.samples.op.SquareDistance}, whose types and gradient follow
 * from its expansion, {@link dev.dlm.samples.op.ReverseGradient}, which has a gradient rule of its
 * own, and {@link dev.dlm.samples.op.SampleOps}, which names them. The entry class is {@link
 * dev.dlm.samples.op.NearestPrototype}, which uses both from Java.
 */
@NullMarked
package dev.dlm.samples.op;

import org.jspecify.annotations.NullMarked;
