/**
 * The {@code .dlm} language: from files to graphs. Entry class: {@link dev.dlm.dsl.Dsl}; {@link
 * dev.dlm.dsl.format.Formatter} brings a file into its canonical layout.
 */
@NullMarked
package dev.dlm.dsl;

import org.jspecify.annotations.NullMarked;
