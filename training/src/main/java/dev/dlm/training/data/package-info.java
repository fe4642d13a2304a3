/**
 * Data sets and batches: readers of data files, the built-in digits, shuffling and prefetching.
 *
 * <p>Start at {@link dev.dlm.training.data.DataSource}; {@link dev.dlm.training.data.BatchLoader}
 * turns one into batches.
 */
@NullMarked
package dev.dlm.training.data;

import org.jspecify.annotations.NullMarked;
