package dev.dlm.training.data;

/**
 * A place in a text.
 *
 * @param line from one; lines end with a line feed and with nothing else
 * @param column from one, in characters
 */
public record TextPlace(long line, long column) {
  /** The place of an index into a text. */
  public static TextPlace of(String text, int index) {
    long line = 1;
    int begin = 0;
    for (int at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', begin)) {
      line++;
      begin = at + 1;
    }
    return new TextPlace(line, text.codePointCount(begin, index) + 1L);
  }
}
