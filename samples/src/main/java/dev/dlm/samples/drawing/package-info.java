/**
 * Digits that models draw out of noise, as an image file, and whether another model recognizes
 * them. Begin with {@link dev.dlm.samples.drawing.DrawDigits}.
 */
@NullMarked
package dev.dlm.samples.drawing;

import org.jspecify.annotations.NullMarked;
