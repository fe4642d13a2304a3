/**
 * How training is told of while it runs: a live bar, plain lines, events. The entry class is {@link
 * dev.dlm.cli.progress.TrainingReporter}.
 */
@NullMarked
package dev.dlm.cli.progress;

import org.jspecify.annotations.NullMarked;
