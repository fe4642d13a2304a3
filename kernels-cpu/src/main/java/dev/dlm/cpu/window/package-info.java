/**
 * Reductions over windows, such as pooling, and the gradients of those that select one element.
 * Entry class: {@link dev.dlm.cpu.window.Window2d}.
 */
@NullMarked
package dev.dlm.cpu.window;

import org.jspecify.annotations.NullMarked;
