/** The {@code .dlm} language. */
@NullMarked
package dev.dlm.dsl;

import org.jspecify.annotations.NullMarked;
