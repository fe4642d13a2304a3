package dev.dlm.dsl.syntax;

import dev.dlm.diagnostic.Diagnostic;
import java.util.Optional;

/**
 * A mistake in the form of a text, and where it is.
 *
 * @param opening the brace that is not closed, where that is the mistake
 */
public record SyntaxProblem(Span span, String message, Optional<Span> opening) {
  SyntaxProblem(Span span, String message) {
    this(span, message, Optional.empty());
  }

  Diagnostic diagnostic(String file) {
    Diagnostic error = Diagnostic.error("syntax", message, span.in(file));
    return opening
        .map(brace -> error.note("the block that is not closed begins here", brace.in(file)))
        .orElse(error);
  }
}
