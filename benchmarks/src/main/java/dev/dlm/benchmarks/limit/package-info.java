/**
 * What the machine can do at most, measured.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.limit.Limits}.
 */
@NullMarked
package dev.dlm.benchmarks.limit;

import org.jspecify.annotations.NullMarked;
