package dev.dlm.cli.io;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of an {@code .npy} file: the text of a Python dictionary with exactly the keys {@code
 * descr}, {@code fortran_order} and {@code shape}.
 *
 * @param shape sizes, outermost first
 */
record NpyHeader(String descr, boolean fortranOrder, long[] shape) {
  private static final int MAX_RANK = 32;

  /** The text is not such a dictionary. */
  static final class HeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    HeaderException(String message) {
      super(message);
    }
  }

  static NpyHeader parse(String text) throws HeaderException {
    return new Parser(text).header();
  }

  private static final class Parser {
    private final String text;
    private int position;

    Parser(String text) {
      this.text = text;
    }

    NpyHeader header() throws HeaderException {
      String descr = "";
      boolean fortranOrder = false;
      long[] shape = {};
      Set<String> seen = new HashSet<>();
      expect('{');
      while (!accept('}')) {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> descr = string();
          case "fortran_order" -> fortranOrder = truth();
          case "shape" -> shape = tuple();
          default -> throw new HeaderException("its header has the unknown key '" + key + "'");
        }
        if (!seen.add(key)) {
          throw new HeaderException("its header has the key '" + key + "' twice");
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      skipBlanks();
      if (position < text.length()) {
        throw unexpected("the end");
      }
      if (seen.size() < 3) {
        throw new HeaderException("its header lacks one of descr, fortran_order and shape");
      }
      return new NpyHeader(descr, fortranOrder, shape);
    }

    private String string() throws HeaderException {
      skipBlanks();
      char quote = position < text.length() ? text.charAt(position) : 0;
      if (quote != '\'' && quote != '"') {
        throw unexpected("a string");
      }
      int end = text.indexOf(quote, position + 1);
      if (end < 0) {
        throw new HeaderException("its header ends within a string");
      }
      String value = text.substring(position + 1, end);
      position = end + 1;
      return value;
    }

    private boolean truth() throws HeaderException {
      skipBlanks();
      for (String word : List.of("False", "True")) {
        if (text.startsWith(word, position)) {
          position += word.length();
          return word.equals("True");
        }
      }
      throw unexpected("True or False");
    }

    private long[] tuple() throws HeaderException {
      List<Long> sizes = new ArrayList<>();
      expect('(');
      while (!accept(')')) {
        sizes.add(number());
        if (sizes.size() > MAX_RANK) {
          throw new HeaderException("its shape has more than " + MAX_RANK + " dimensions");
        }
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private long number() throws HeaderException {
      skipBlanks();
      int begin = position;
      while (position < text.length()
          && text.charAt(position) >= '0'
          && text.charAt(position) <= '9') {
        position++;
      }
      if (begin == position || position - begin > 18) {
        position = begin;
        throw unexpected("a size");
      }
      return Long.parseLong(text, begin, position, 10);
    }

    private boolean accept(char wanted) {
      skipBlanks();
      if (position < text.length() && text.charAt(position) == wanted) {
        position++;
        return true;
      }
      return false;
    }

    private void expect(char wanted) throws HeaderException {
      if (!accept(wanted)) {
        throw unexpected("'" + wanted + "'");
      }
    }

    private void skipBlanks() {
      while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
        position++;
      }
    }

    private HeaderException unexpected(String wanted) {
      return new HeaderException(
          "its header is at fault at character %d: expected %s".formatted(position, wanted));
    }
  }
}
