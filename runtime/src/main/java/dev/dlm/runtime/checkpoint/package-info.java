/**
 * Weights on disk: checkpoints in the safetensors format and files that are replaced as a whole or
 * not at all.
 *
 * <p>Start at {@link dev.dlm.runtime.checkpoint.Checkpoint} to read and {@link
 * dev.dlm.runtime.checkpoint.CheckpointWriter} to write.
 */
@NullMarked
package dev.dlm.runtime.checkpoint;

import org.jspecify.annotations.NullMarked;
