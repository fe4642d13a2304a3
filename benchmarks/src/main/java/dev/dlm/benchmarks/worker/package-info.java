/**
 * The process that measures one engine at one piece of work.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.worker.Worker}.
 */
@NullMarked
package dev.dlm.benchmarks.worker;

import org.jspecify.annotations.NullMarked;
