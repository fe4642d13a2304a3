package dev.dlm.dsl.syntax;

import java.util.Optional;

/** What stands between the brackets of an index expression, for one axis. */
public sealed interface Subscript {

  /** Where it stands. */
  Span span();

  /** One position; the axis goes away. */
  record Position(Span span, Expression value) implements Subscript {}

  /** A range of positions, its end excluded; negative ends count from the end of the axis. */
  record Range(
      Span span, Optional<Expression> start, Optional<Expression> end, Optional<Expression> step)
      implements Subscript {}

  /** All the axes that are not mentioned: {@code x[.., 0]}. */
  record Ellipsis(Span span) implements Subscript {}
}
