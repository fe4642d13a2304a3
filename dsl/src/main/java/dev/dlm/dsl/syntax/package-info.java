/**
 * The syntax tree of a {@code .dlm} file: immutable sealed records with their place in the source,
 * and the parser that builds them. Entry class: {@link dev.dlm.dsl.syntax.SourceParser}.
 */
@NullMarked
package dev.dlm.dsl.syntax;

import org.jspecify.annotations.NullMarked;
