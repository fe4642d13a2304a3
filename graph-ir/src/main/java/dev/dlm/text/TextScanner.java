package dev.dlm.text;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;

/**
 * Reads words, numbers, strings and signs of the text form one after the other, skipping blanks and
 * comments from {@code //} to the end of the line.
 */
final class TextScanner {
  private final String text;
  private final String file;
  private int position;

  TextScanner(String text, String file) {
    this.text = text;
    this.file = file;
  }

  /** Where the next sign stands. */
  int position() {
    skipBlanks();
    return position;
  }

  boolean atEnd() {
    return position() >= text.length();
  }

  /** Whether the next sign is {@code sign}. */
  boolean sees(char sign) {
    return position() < text.length() && text.charAt(position) == sign;
  }

  boolean accept(char sign) {
    boolean found = sees(sign);
    if (found) {
      position++;
    }
    return found;
  }

  void expect(char sign) {
    if (!accept(sign)) {
      throw expected("'" + sign + "'");
    }
  }

  /** Whether the next word is {@code word}; it stays to be read. */
  boolean seesWord(String word) {
    int start = position();
    return text.startsWith(word, start)
        && (start + word.length() == text.length()
            || !isWordPart(text.charAt(start + word.length())));
  }

  boolean acceptWord(String word) {
    boolean found = seesWord(word);
    if (found) {
      position += word.length();
    }
    return found;
  }

  void expectWord(String word) {
    if (!acceptWord(word)) {
      throw expected("'" + word + "'");
    }
  }

  /** A word of letters, digits and underscores that begins with a letter. */
  String word(String what) {
    int start = position();
    while (position < text.length() && isWordPart(text.charAt(position))) {
      position++;
    }
    if (start == position || Character.isDigit(text.charAt(start))) {
      position = start;
      throw expected(what);
    }
    return text.substring(start, position);
  }

  long integer(String what, long least, long greatest) {
    int start = position();
    String digits = numeral(what);
    try {
      long value = Long.parseLong(digits);
      if (value >= least && value <= greatest) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw failure("graph-syntax", "expected " + what + ", found " + digits, start);
    }
    throw failure(
        "graph-syntax",
        "expected " + what + " from " + least + " to " + greatest + ", found " + digits,
        start);
  }

  /** A decimal number, {@code nan}, {@code inf} or {@code -inf}. */
  double floating(boolean single) {
    int start = position();
    if (acceptWord("nan")) {
      return Double.NaN;
    }
    if (acceptWord("inf")) {
      return Double.POSITIVE_INFINITY;
    }
    if (text.startsWith("-inf", start)) {
      position += 4;
      return Double.NEGATIVE_INFINITY;
    }
    String digits = numeral("a number");
    try {
      return single ? Float.parseFloat(digits) : Double.parseDouble(digits);
    } catch (NumberFormatException e) {
      throw failure("graph-syntax", "expected a number, found " + digits, start);
    }
  }

  private String numeral(String what) {
    int start = position();
    while (position < text.length() && isNumeralPart(text.charAt(position), start)) {
      position++;
    }
    if (start == position) {
      throw expected(what);
    }
    return text.substring(start, position);
  }

  private boolean isNumeralPart(char c, int start) {
    boolean exponentSign =
        position > start && (text.charAt(position - 1) == 'e' || text.charAt(position - 1) == 'E');
    return (c >= '0' && c <= '9')
        || c == '.'
        || c == 'e'
        || c == 'E'
        || ((c == '-' || c == '+') && (position == start || exponentSign));
  }

  /** The characters of a size, up to a sign that ends it. */
  String size() {
    int start = position();
    while (position < text.length() && isSizePart(text.charAt(position))) {
      position++;
    }
    return text.substring(start, position).strip();
  }

  private static boolean isSizePart(char c) {
    return Character.isLetterOrDigit(c) || " _.+-*/()".indexOf(c) >= 0;
  }

  String string(String what) {
    int start = position();
    if (!accept('"')) {
      throw expected(what + " in quotation marks");
    }
    StringBuilder string = new StringBuilder();
    while (position < text.length() && text.charAt(position) != '\n') {
      char c = text.charAt(position++);
      if (c == '"') {
        return string.toString();
      }
      string.append(c == '\\' ? escaped() : c);
    }
    throw failure("graph-syntax", "the text of " + what + " has no end", start);
  }

  private char escaped() {
    int start = position - 1;
    char c = position < text.length() ? text.charAt(position++) : ' ';
    switch (c) {
      case '"', '\\' -> {
        return c;
      }
      case 'n' -> {
        return '\n';
      }
      case 't' -> {
        return '\t';
      }
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = position < text.length() ? Character.digit(text.charAt(position++), 16) : -1;
          if (digit < 0) {
            throw failure("graph-syntax", "expected four hexadecimal digits after \\u", start);
          }
          code = code * 16 + digit;
        }
        return (char) code;
      }
      default ->
          throw failure("graph-syntax", "expected one of \\\" \\\\ \\n \\t \\u after \\", start);
    }
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private void skipBlanks() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '/' && text.startsWith("//", position)) {
        int end = text.indexOf('\n', position);
        position = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        position++;
      } else {
        return;
      }
    }
  }

  /** The failure that the next sign is not what stands here. */
  GraphException expected(String what) {
    int start = position();
    if (start >= text.length()) {
      return failure("graph-syntax", "expected " + what + ", found the end of the text", start);
    }
    int end = start;
    while (end < text.length() && end < start + 20 && isWordPart(text.charAt(end))) {
      end++;
    }
    String found = text.substring(start, Math.max(end, start + 1));
    return failure("graph-syntax", "expected " + what + ", found '" + found + "'", start);
  }

  GraphException failure(String code, String message, int at) {
    return new GraphException(Diagnostic.error(code, message, locationOf(at)));
  }

  Location.Source locationOf(int at) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < at; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return Location.Source.at(file, line, at - lineStart + 1);
  }
}
