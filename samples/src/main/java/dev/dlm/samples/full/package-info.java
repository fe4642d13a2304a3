/**
 * Runs the samples in full and checks what they promise. The entry class is {@link
 * dev.dlm.samples.full.FullSamples}.
 */
@NullMarked
package dev.dlm.samples.full;

import org.jspecify.annotations.NullMarked;
