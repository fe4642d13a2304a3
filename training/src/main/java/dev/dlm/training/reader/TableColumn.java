package dev.dlm.training.reader;

import dev.dlm.training.data.DataDiagnostics;
import dev.dlm.training.data.Fitted;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A column of a table: what of it is fitted, and the numbers that it gives for a row.
 *
 * @param origin names the table in messages
 * @param name the column's name or number
 * @param place among the fields of a row
 * @param fillsBlanks whether a blank number becomes the mean, and a blank category is one
 */
record TableColumn(String origin, String name, int place, Kind kind, boolean fillsBlanks) {
  /** What a column holds and what becomes of it. */
  enum Kind {
    NUMBER,
    STANDARDIZED,
    CATEGORY,
    ONE_HOT
  }

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

  boolean isBlank(SeparatedText.Row row) {
    return row.fields().get(place).text().isBlank();
  }

  /** Adds what follows from the training rows. */
  void fit(List<SeparatedText.Row> training, Map<String, List<String>> lists) {
    switch (kind) {
      case CATEGORY, ONE_HOT ->
          lists.put(
              Categories.list(name),
              Categories.fit(
                  training.stream()
                      .filter(row -> fillsBlanks || !isBlank(row))
                      .map(row -> row.fields().get(place).text().strip())));
      case NUMBER, STANDARDIZED -> {
        if (kind == Kind.STANDARDIZED || fillsBlanks) {
          lists.put(
              list(name),
              fit(
                  training.stream()
                      .filter(row -> !isBlank(row))
                      .mapToDouble(row -> number(origin, name, row.fields().get(place)))
                      .toArray()));
        }
      }
    }
  }

  private static String list(String column) {
    return "mean and deviation of " + column;
  }

  /** Mean and deviation, which is 1 where all are equal, as they are fitted. */
  static List<String> fit(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = values.length == 0 ? 0 : sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = values.length == 0 ? 0 : Math.sqrt(squares / values.length);
    return List.of(Double.toString(mean), Double.toString(deviation == 0 ? 1 : deviation));
  }

  /** How many numbers it gives. */
  int width(Fitted fitted) {
    return kind == Kind.ONE_HOT ? new Categories(origin, name, fitted).count() : 1;
  }

  /**
   * Writes the numbers of rows.
   *
   * @param from where those of the first row begin
   * @param stride from row to row
   */
  void fill(List<SeparatedText.Row> rows, Fitted fitted, double[] values, int from, int stride) {
    switch (kind) {
      case CATEGORY, ONE_HOT -> {
        Categories categories = new Categories(origin, name, fitted);
        for (int i = 0; i < rows.size(); i++) {
          SeparatedText.Field field = rows.get(i).fields().get(place);
          if (!fillsBlanks) {
            requireValue(field);
          }
          int number = categories.number(field);
          if (kind == Kind.CATEGORY) {
            values[i * stride + from] = number;
          } else {
            values[i * stride + from + number] = 1;
          }
        }
      }
      case NUMBER, STANDARDIZED -> {
        for (int i = 0; i < rows.size(); i++) {
          values[i * stride + from] = value(rows.get(i), fitted);
        }
      }
    }
  }

  private double value(SeparatedText.Row row, Fitted fitted) {
    SeparatedText.Field field = row.fields().get(place);
    double mean = 0;
    double deviation = 1;
    boolean blank = isBlank(row);
    if (blank && !fillsBlanks) {
      requireValue(field);
    }
    if (blank || kind == Kind.STANDARDIZED) {
      List<String> moments = fitted.list(list(name));
      mean = Double.parseDouble(moments.get(0));
      deviation = Double.parseDouble(moments.get(1));
    }
    double value = blank ? mean : number(origin, name, field);
    return kind == Kind.STANDARDIZED ? (value - mean) / deviation : value;
  }

  private void requireValue(SeparatedText.Field field) {
    if (field.text().isBlank()) {
      throw DataDiagnostics.invalidAt(
          origin,
          field.line(),
          field.column(),
          "'%s' is blank here: missing = \"skip\" leaves such rows out, \"mean\" fills them"
              .formatted(name));
    }
  }

  /**
   * The number that a field holds.
   *
   * @throws dev.dlm.diagnostic.GraphException with code {@code data-invalid} at the field
   */
  static double number(String origin, String column, SeparatedText.Field field) {
    String text = field.text().strip();
    if (NUMBER.matcher(text).matches()) {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw DataDiagnostics.invalidAt(
        origin,
        field.line(),
        field.column(),
        "'%s' of the column '%s' is not a number".formatted(field.text(), column));
  }
}
