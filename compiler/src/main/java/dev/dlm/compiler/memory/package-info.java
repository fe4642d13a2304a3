/**
 * Where the values of a program live: which steps may write in place, and which buffers share bytes
 * of the arena. The entry classes are {@link dev.dlm.compiler.memory.BufferAssignment} and {@link
 * dev.dlm.compiler.memory.ArenaLayout}.
 */
@NullMarked
package dev.dlm.compiler.memory;

import org.jspecify.annotations.NullMarked;
