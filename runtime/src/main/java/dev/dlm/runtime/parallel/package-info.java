/**
 * Threads for kernels: one fixed set of workers that all sessions share. Entry class: {@link
 * dev.dlm.runtime.parallel.WorkerPool}.
 */
@NullMarked
package dev.dlm.runtime.parallel;

import org.jspecify.annotations.NullMarked;
