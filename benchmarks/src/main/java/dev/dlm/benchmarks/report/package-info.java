/**
 * What measurements found: their form between processes, comparison of results, the table.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.report.Measurement}.
 */
@NullMarked
package dev.dlm.benchmarks.report;

import org.jspecify.annotations.NullMarked;
