/**
 * Programs that begin, run the small network once, print its first number, and end.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.coldstart.FirstPrediction}.
 */
@NullMarked
package dev.dlm.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
