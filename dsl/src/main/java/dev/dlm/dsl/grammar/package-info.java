/**
 * The lexer and parser that ANTLR generates from {@code Dlm.g4}, and what they need to report
 * readable errors and to go on after one. Nothing outside {@link dev.dlm.dsl.syntax} uses it. Entry
 * class: {@link dev.dlm.dsl.grammar.RecoveringParser}.
 */
@NullMarked
package dev.dlm.dsl.grammar;

import org.jspecify.annotations.NullMarked;
