/**
 * From bodies to plans: units of fusion become loop kernels and steps over buffers. The entry class
 * is {@link dev.dlm.compiler.lower.PlanLowering}.
 */
@NullMarked
package dev.dlm.compiler.lower;

import org.jspecify.annotations.NullMarked;
