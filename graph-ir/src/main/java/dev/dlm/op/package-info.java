/**
 * The ops: each one a record that holds its meaning, type inference, gradient and reference
 * evaluation. The entry class is {@link dev.dlm.op.Op}; {@link dev.dlm.op.OpRegistry} finds them by
 * name.
 */
@NullMarked
package dev.dlm.op;

import org.jspecify.annotations.NullMarked;
