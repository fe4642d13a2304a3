package dev.dlm.dsl.grammar;

import java.util.Optional;
import org.antlr.v4.runtime.Token;

/**
 * A place where the text is not a {@code .dlm} file.
 *
 * @param offendingToken the token that could not be accepted
 * @param message what was expected and what was found
 * @param opening the brace that is not closed, where that is the mistake
 */
public record SyntaxError(Token offendingToken, String message, Optional<Token> opening) {}
