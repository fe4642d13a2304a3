/**
 * One canonical layout for {@code .dlm} files. Entry class: {@link dev.dlm.dsl.format.Formatter}.
 */
@NullMarked
package dev.dlm.dsl.format;

import org.jspecify.annotations.NullMarked;
