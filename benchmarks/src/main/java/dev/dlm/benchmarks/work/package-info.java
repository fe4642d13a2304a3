/**
 * What is measured: workloads and the values they work on.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.work.Workload}.
 */
@NullMarked
package dev.dlm.benchmarks.work;

import org.jspecify.annotations.NullMarked;
