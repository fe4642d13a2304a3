/**
 * Readers of data files: running text, labelled texts, pairs of sentences, tables, time series,
 * CIFAR images. Each is a {@link dev.dlm.training.data.ExampleReader}; begin with {@link
 * dev.dlm.training.reader.TextData}, the smallest.
 */
@NullMarked
package dev.dlm.training.reader;

import org.jspecify.annotations.NullMarked;
