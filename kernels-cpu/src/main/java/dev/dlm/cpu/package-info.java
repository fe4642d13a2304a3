/**
 * What the CPU kernels share: whether the Vector API may be used. Entry class: {@link
 * dev.dlm.cpu.VectorModule}.
 */
@NullMarked
package dev.dlm.cpu;

import org.jspecify.annotations.NullMarked;
