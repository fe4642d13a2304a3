/**
 * Passes over control flow: what runs inside of loops moves out of them or into the loop where it
 * is cheapest, and what nothing needs goes. The entry classes are the passes, {@link
 * dev.dlm.compiler.control.PruneControlFlow} first.
 */
@NullMarked
package dev.dlm.compiler.control;

import org.jspecify.annotations.NullMarked;
