/**
 * Where the texts of {@code .dlm} files come from: a person's files and the standard library. Entry
 * class: {@link dev.dlm.dsl.source.Sources}.
 */
@NullMarked
package dev.dlm.dsl.source;

import org.jspecify.annotations.NullMarked;
