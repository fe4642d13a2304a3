package dev.dlm.diagnostic;

/** How grave a diagnostic is. Only {@link #ERROR} stops the work. */
public enum Severity {
  ERROR("error"),
  WARNING("warning");

  private final String word;

  Severity(String word) {
    this.word = word;
  }

  /** The word printed before the code. */
  public String word() {
    return word;
  }
}
