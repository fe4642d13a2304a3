package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import java.util.Optional;

/**
 * Ends the elaboration of a statement: with a diagnostic, or without one where the cause has been
 * reported before.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<Diagnostic> diagnostic;

  private final boolean endsAll;

  private Problem(Optional<Diagnostic> diagnostic, boolean endsAll) {
    super(
        diagnostic.map(Diagnostic::summary).orElse("follows from an earlier one"),
        null,
        false,
        false);
    this.diagnostic = diagnostic;
    this.endsAll = endsAll;
  }

  static Problem of(Diagnostic diagnostic) {
    return new Problem(Optional.of(diagnostic), false);
  }

  /** A mistake after which all calls end, up to the statement of the model that led to them. */
  static Problem endingAllCalls(Diagnostic diagnostic) {
    return new Problem(Optional.of(diagnostic), true);
  }

  /** The consequence of a mistake that has been reported. */
  static Problem consequence() {
    return new Problem(Optional.empty(), false);
  }

  boolean endsAllCalls() {
    return endsAll;
  }

  Optional<Diagnostic> diagnostic() {
    return diagnostic;
  }
}
