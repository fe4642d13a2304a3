package dev.dlm.diagnostic;

import java.util.List;

/**
 * The user's input is at fault: carries the diagnostics that say where, why and how to mend it.
 * Thrown by every public entry point of the project for bad models, files and arguments; the
 * command prints it without a stack trace and exits with code 1.
 */
public final class GraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  /**
   * @param diagnostics at least one
   */
  public GraphException(List<Diagnostic> diagnostics) {
    super(summary(diagnostics));
    this.diagnostics = List.copyOf(diagnostics);
  }

  public GraphException(Diagnostic diagnostic) {
    this(List.of(diagnostic));
  }

  /** A single error without a known place, caused by another exception. */
  public GraphException(Diagnostic diagnostic, Throwable cause) {
    super(diagnostic.summary(), cause);
    this.diagnostics = List.of(diagnostic);
  }

  /** What is wrong, in the order in which it was found. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  private static String summary(List<Diagnostic> diagnostics) {
    return String.join("\n", diagnostics.stream().map(Diagnostic::summary).toList());
  }
}
