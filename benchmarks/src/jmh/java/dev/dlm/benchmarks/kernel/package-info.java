/**
 * Benchmarks of single kernels, the scalar twin beside the vectors.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.kernel.KernelBenchmark}.
 */
@NullMarked
package dev.dlm.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
