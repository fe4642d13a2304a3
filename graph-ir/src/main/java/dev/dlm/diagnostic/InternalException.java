package dev.dlm.diagnostic;

import java.util.Optional;

/**
 * The project itself is at fault. Carries, where one could be made, a reproducer: text that brings
 * the failure back.
 */
public final class InternalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Optional<String> reproducer;

  public InternalException(String message) {
    super(message);
    this.reproducer = Optional.empty();
  }

  public InternalException(String message, Throwable cause) {
    super(message, cause);
    this.reproducer = Optional.empty();
  }

  public InternalException(String message, String reproducer) {
    super(message);
    this.reproducer = Optional.of(reproducer);
  }

  public InternalException(String message, String reproducer, Throwable cause) {
    super(message, cause);
    this.reproducer = Optional.of(reproducer);
  }

  /**
   * Input that brings the failure back, for example the graph before the failing pass and the name
   * of the pass.
   */
  public Optional<String> reproducer() {
    return reproducer;
  }
}
