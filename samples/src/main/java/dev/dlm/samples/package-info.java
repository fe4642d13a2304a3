/** Runnable models and embedding programs. */
@NullMarked
package dev.dlm.samples;

import org.jspecify.annotations.NullMarked;
