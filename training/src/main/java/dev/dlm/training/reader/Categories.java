package dev.dlm.training.reader;

import dev.dlm.training.data.DataDiagnostics;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.Vocabulary;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Numbers for the values of a column: its different values in the training data, in order. */
final class Categories {
  private final String origin;
  private final String column;
  private final Vocabulary values;

  Categories(String origin, String column, Fitted fitted) {
    this.origin = origin;
    this.column = column;
    this.values = fitted.vocabulary(list(column));
  }

  /** The name of the list of a column among what is fitted. */
  static String list(String column) {
    return "categories of " + column;
  }

  /** The different values: in the order of numbers where all are whole, else of the alphabet. */
  static List<String> fit(Stream<String> values) {
    List<String> distinct = values.distinct().sorted().toList();
    boolean whole = distinct.stream().allMatch(value -> value.matches("-?\\d{1,18}"));
    return whole
        ? distinct.stream().sorted(Comparator.comparingLong(Long::parseLong)).toList()
        : distinct;
  }

  int count() {
    return values.size();
  }

  /**
   * The number of the value of a field.
   *
   * @throws dev.dlm.diagnostic.GraphException with code {@code data-invalid} at the field
   */
  int number(SeparatedText.Field field) {
    OptionalInt number = values.number(field.text().strip());
    if (number.isEmpty()) {
      throw DataDiagnostics.invalidAt(
          origin,
          field.line(),
          field.column(),
          "'%s' is no value of '%s' in the training data, which has %s"
              .formatted(
                  field.text(),
                  column,
                  String.join(", ", values.words().stream().limit(10).toList())));
    }
    return number.getAsInt();
  }
}
