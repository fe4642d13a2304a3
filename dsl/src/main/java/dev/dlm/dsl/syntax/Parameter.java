package dev.dlm.dsl.syntax;

import java.util.Optional;

/** A parameter of a declaration. Without a type it takes any value. */
public record Parameter(
    Span span,
    Name name,
    Optional<TypeExpression> type,
    Optional<Expression> standard,
    String documentation) {}
