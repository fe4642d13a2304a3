package dev.dlm.dsl.syntax;

import dev.dlm.diagnostic.Location;

/**
 * A stretch of a source text, from its first character to just behind its last. Lines and columns
 * count from one; columns count code points.
 */
public record Span(int line, int column, int endLine, int endColumn) {

  /** The stretch from the beginning of this one to the end of {@code last}. */
  public Span to(Span last) {
    return new Span(line, column, last.endLine, last.endColumn);
  }

  /** The same stretch as a location in {@code file}. */
  public Location.Source in(String file) {
    return new Location.Source(file, line, column, endLine, endColumn);
  }
}
