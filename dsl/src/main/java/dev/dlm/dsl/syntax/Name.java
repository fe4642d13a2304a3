package dev.dlm.dsl.syntax;

/** A name as it stands in the source. */
public record Name(Span span, String text) {

  @Override
  public String toString() {
    return text;
  }
}
