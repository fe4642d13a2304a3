/**
 * Control flow: ops that hold bodies and decide which of them runs, and how often. Bodies see
 * nothing but their parameters: what they use from around them is an operand. The entry class is
 * {@link dev.dlm.op.control.Scan}.
 */
@NullMarked
package dev.dlm.op.control;

import org.jspecify.annotations.NullMarked;
