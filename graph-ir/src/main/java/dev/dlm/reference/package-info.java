/**
 * The reference interpreter: as plain as the definitions of the ops, the truth that every kernel,
 * pass and device is tested against. The entry class is {@link dev.dlm.reference.Interpreter}.
 */
@NullMarked
package dev.dlm.reference;

import org.jspecify.annotations.NullMarked;
