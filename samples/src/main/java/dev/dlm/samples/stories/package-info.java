/**
 * A small language model that tells stories: weights read from a file of another program, state in
 * an {@link dev.dlm.runtime.session.InferenceStream}. The entry class is {@link
 * dev.dlm.samples.stories.TellStory}.
 */
@NullMarked
package dev.dlm.samples.stories;

import org.jspecify.annotations.NullMarked;
