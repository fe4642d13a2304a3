/**
 * What the CPU kernels share: whether the Vector API may be used, and pools of what tasks borrow.
 * Entry class: {@link dev.dlm.cpu.VectorModule}.
 */
@NullMarked
package dev.dlm.cpu;

import org.jspecify.annotations.NullMarked;
