/**
 * Who is measured: dlm itself and its peers behind one interface.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.engine.Engine}.
 */
@NullMarked
package dev.dlm.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
