package dev.dlm.training.reader;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.diagnostic.Suggestion;
import dev.dlm.training.data.DataDiagnostics;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of fields, separated by a character.
 *
 * <p>Rows end with a line feed, before which a carriage return is left out; empty lines are none.
 * Within quotes (RFC 4180) a field may hold separators and line ends, and two quotes are one.
 * Immutable.
 */
final class SeparatedText {
  /**
   * A row.
   *
   * @param line where it begins, from one
   */
  record Row(long line, List<Field> fields) {}

  /**
   * A field.
   *
   * @param line from one
   * @param column from one, in characters
   */
  record Field(String text, long line, long column) {}

  /**
   * How a file is written.
   *
   * @param header whether the first row names the columns
   * @param maxFields where more than zero, separators behind that many fields less one are text
   * @param quotes whether quotes mean anything
   */
  record Form(char separator, boolean header, int maxFields, boolean quotes) {}

  private final String origin;
  private final List<String> names;
  private final List<Row> rows;

  private SeparatedText(String origin, List<String> names, List<Row> rows) {
    this.origin = origin;
    this.names = List.copyOf(names);
    this.rows = List.copyOf(rows);
  }

  /**
   * Reads a text.
   *
   * @param origin names it in messages
   * @throws GraphException with code {@code data-invalid} at the row or field that is at fault:
   *     rows have equally many fields
   */
  static SeparatedText parse(String origin, String text, Form form) {
    List<Row> rows = new Parser(origin, text, form).rows();
    if (rows.isEmpty()) {
      throw DataDiagnostics.invalid(origin, "it has no rows");
    }
    int count = rows.getFirst().fields().size();
    for (Row row : rows) {
      if (row.fields().size() != count) {
        throw DataDiagnostics.invalidAt(
            origin,
            row.line(),
            1,
            "this row has %d fields, the first has %d".formatted(row.fields().size(), count));
      }
    }
    List<String> names = new ArrayList<>();
    if (form.header()) {
      rows.removeFirst().fields().forEach(field -> names.add(field.text().strip()));
    }
    return new SeparatedText(origin, names, rows);
  }

  String origin() {
    return origin;
  }

  List<Row> rows() {
    return rows;
  }

  /**
   * The place of a column among the fields.
   *
   * @param column a name as {@code String}, or a number from zero as {@code Long}
   * @throws GraphException with code {@code data-mismatch} if there is none
   */
  int place(Object column) {
    if (column instanceof Long number) {
      int count = rows.isEmpty() ? names.size() : rows.getFirst().fields().size();
      if (number >= count) {
        throw DataDiagnostics.mismatch(
            "'%s' has the columns 0 to %d, not %d".formatted(origin, count - 1, number));
      }
      return number.intValue();
    }
    int place = names.indexOf(String.valueOf(column));
    if (place < 0) {
      Diagnostic diagnostic =
          Diagnostic.error(
              "data-mismatch",
              names.isEmpty()
                  ? "'%s' is read without a header, so '%s' names no column: give its number"
                      .formatted(origin, column)
                  : "'%s' has no column '%s'".formatted(origin, column),
              Location.UNKNOWN);
      throw new GraphException(
          names.isEmpty()
              ? diagnostic
              : diagnostic.withHelp(Suggestion.help(String.valueOf(column), "columns", names)));
    }
    return place;
  }

  /** The name of a column, or its number. */
  String name(int place) {
    return names.isEmpty() ? Integer.toString(place) : names.get(place);
  }

  private static final class Parser {
    private final String origin;
    private final String text;
    private final Form form;
    private int at;
    private long line = 1;
    private int lineBegin;

    Parser(String origin, String text, Form form) {
      this.origin = origin;
      this.text = text;
      this.form = form;
    }

    List<Row> rows() {
      List<Row> rows = new ArrayList<>();
      while (at < text.length()) {
        long rowLine = line;
        List<Field> fields = new ArrayList<>();
        do {
          fields.add(field(fields.size() + 1 == form.maxFields()));
        } while (continuesRow());
        boolean empty = fields.size() == 1 && fields.getFirst().text().isEmpty();
        if (!empty) {
          rows.add(new Row(rowLine, fields));
        }
      }
      return rows;
    }

    /** Steps behind the separator or line end behind a field. */
    private boolean continuesRow() {
      if (at < text.length() && text.charAt(at) == form.separator()) {
        at++;
        return true;
      }
      if (at < text.length() && text.charAt(at) == '\r') {
        at++;
      }
      if (at < text.length()) {
        at++;
        line++;
        lineBegin = at;
      }
      return false;
    }

    private Field field(boolean last) {
      long fieldLine = line;
      long column = text.codePointCount(lineBegin, at) + 1L;
      if (form.quotes() && at < text.length() && text.charAt(at) == '"') {
        return new Field(quoted(fieldLine, column), fieldLine, column);
      }
      int begin = at;
      while (at < text.length() && !endsField(last)) {
        at++;
      }
      return new Field(text.substring(begin, at), fieldLine, column);
    }

    private boolean endsField(boolean last) {
      char c = text.charAt(at);
      boolean lineEnd =
          c == '\n' || (c == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n');
      return lineEnd || (!last && c == form.separator());
    }

    private String quoted(long fieldLine, long column) {
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c == '"') {
          if (at < text.length() && text.charAt(at) == '"') {
            at++;
          } else {
            if (at < text.length() && !endsField(false)) {
              throw DataDiagnostics.invalidAt(
                  origin,
                  line,
                  text.codePointCount(lineBegin, at) + 1L,
                  "expected the end of the field behind its closing quote");
            }
            return value.toString();
          }
        } else if (c == '\n') {
          line++;
          lineBegin = at;
        }
        value.append(c);
      }
      throw DataDiagnostics.invalidAt(
          origin, fieldLine, column, "the quote that begins here is not closed");
    }
  }
}
