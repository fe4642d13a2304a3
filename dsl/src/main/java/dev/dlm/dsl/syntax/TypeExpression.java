package dev.dlm.dsl.syntax;

import java.util.List;
import java.util.Optional;

/**
 * A written type: a tensor's, {@code f32[B, 28]}, or a construction value's, {@code int}.
 *
 * @param text the type as written, in canonical spacing
 * @param dimensions the dimensions in brackets; empty where there are no brackets
 */
public record TypeExpression(
    Span span, String text, Name name, Optional<List<Dimension>> dimensions) {
  public TypeExpression {
    dimensions = dimensions.map(List::copyOf);
  }

  @Override
  public String toString() {
    return text;
  }

  /** A dimension of a tensor type. */
  public sealed interface Dimension {
    /** Where it stands. */
    Span span();
  }

  /** One dimension: a size, or a name to bind. */
  public record Size(Span span, Expression value) implements Dimension {}

  /** Any number of dimensions, under one name: {@code ..B}. */
  public record Spread(Span span, Name name) implements Dimension {}
}
