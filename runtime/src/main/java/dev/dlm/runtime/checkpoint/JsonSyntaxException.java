package dev.dlm.runtime.checkpoint;

/** Text that is not the JSON that was expected, with the byte where that shows. */
final class JsonSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int offsetBytes;

  JsonSyntaxException(int offsetBytes, String message) {
    super(message);
    this.offsetBytes = offsetBytes;
  }

  /** The first byte at fault, counted from the start of the text. */
  int offsetBytes() {
    return offsetBytes;
  }
}
