/**
 * What is promised of every run, tried on models that use every kind of kernel: the same bits in
 * any JVM, and no garbage. What they share is {@link dev.dlm.samples.small.SmallModels}.
 */
@NullMarked
package dev.dlm.samples.small;

import org.jspecify.annotations.NullMarked;
