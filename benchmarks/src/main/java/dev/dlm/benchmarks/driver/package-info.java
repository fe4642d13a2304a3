/**
 * The command that measures engines in turn, each in processes of its own, and puts them side by
 * side.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.driver.Bench}.
 */
@NullMarked
package dev.dlm.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
