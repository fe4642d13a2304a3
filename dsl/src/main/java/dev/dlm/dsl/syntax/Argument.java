package dev.dlm.dsl.syntax;

import java.util.Optional;

/** An argument of a call, by position or as {@code name = value}. */
public record Argument(Span span, Optional<Name> name, Expression value) {}
