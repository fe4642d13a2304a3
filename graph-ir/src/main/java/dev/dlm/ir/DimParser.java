package dev.dlm.ir;

/**
 * Recursive-descent reader of the text form of {@link Dim}: sums of products of integers, names and
 * {@code floor((a) / (b))}.
 */
final class DimParser {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_LENGTH = 10_000;

  private final String text;
  private int position;
  private int depth;

  DimParser(String text) {
    this.text = text;
  }

  /** Whether a text can be the name of a size. */
  static boolean isName(String text) {
    if (text.isEmpty() || Character.isDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isNamePart(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  Dim parse() {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("not a size: " + text.length() + " characters long");
    }
    try {
      return whole();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("not a size: '" + text + "': " + e.getMessage(), e);
    }
  }

  private Dim whole() {
    Dim result = sum();
    skipSpace();
    if (position < text.length()) {
      throw fail("unexpected '" + text.charAt(position) + "'");
    }
    return result;
  }

  private Dim sum() {
    if (++depth > MAX_DEPTH) {
      throw fail("nested too deeply");
    }
    Dim result = product();
    while (true) {
      if (accept('+')) {
        result = result.plus(product());
      } else if (accept('-')) {
        result = result.minus(product());
      } else {
        depth--;
        return result;
      }
    }
  }

  private Dim product() {
    Dim result = factor();
    while (accept('*')) {
      result = result.times(factor());
    }
    return result;
  }

  private Dim factor() {
    skipSpace();
    if (accept('-')) {
      if (++depth > MAX_DEPTH) {
        throw fail("nested too deeply");
      }
      Dim negated = factor().times(-1);
      depth--;
      return negated;
    }
    if (accept('(')) {
      Dim inner = sum();
      expect(')');
      return inner;
    }
    int start = position;
    while (position < text.length() && isNamePart(text.charAt(position))) {
      position++;
    }
    String word = text.substring(start, position);
    if (word.isEmpty()) {
      throw fail("expected a size");
    }
    if (Character.isDigit(word.charAt(0))) {
      return Dim.of(parseNumber(word));
    }
    return word.equals("floor") && accept('(') ? quotient() : Dim.symbol(word);
  }

  private Dim quotient() {
    Dim numerator = factor();
    expect('/');
    Dim denominator = factor();
    expect(')');
    if (denominator.is(0)) {
      throw fail("division by zero");
    }
    return numerator.floorDividedBy(denominator);
  }

  private long parseNumber(String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a size: '" + text + "': bad number " + word, e);
    }
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.';
  }

  private void skipSpace() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
  }

  private boolean accept(char c) {
    skipSpace();
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw fail("expected '" + c + "'");
    }
  }

  private IllegalArgumentException fail(String reason) {
    return new IllegalArgumentException(
        "not a size: '" + text + "': " + reason + " at position " + position);
  }
}
