package dev.dlm.plan;

import dev.dlm.ir.Dim;

/**
 * A range of bytes that steps read and write.
 *
 * @param sizeBytes without rounding to the alignment
 */
public record Buffer(Dim sizeBytes, Storage storage) {}
