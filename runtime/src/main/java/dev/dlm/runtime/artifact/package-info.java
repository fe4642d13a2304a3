/**
 * Models compiled ahead of time, one file each: plan, weights, and what they were made from. The
 * entry classes are {@link dev.dlm.runtime.artifact.Artifact} to read and {@link
 * dev.dlm.runtime.artifact.ArtifactWriter} to write.
 */
@NullMarked
package dev.dlm.runtime.artifact;

import org.jspecify.annotations.NullMarked;
