package dev.dlm.ir;

import java.util.List;
import java.util.Optional;

/**
 * A named argument of a data reader. Immutable.
 *
 * @param choices the values that it may have; where empty all of its kind
 * @param standard its value where it is left out; where empty it must be given
 */
public record ReaderParameter(
    String name, Kind kind, List<String> choices, Optional<Object> standard) {
  /** What values a parameter takes. */
  public enum Kind {
    /** A {@code Long}, at least one. */
    COUNT("a number from 1"),
    /** A {@code Long}, at least zero. */
    WHOLE("a number from 0"),
    /** A {@code Long} from zero, which counts examples, or a {@code Double} in [0, 1). */
    PART("a number of examples, or a fraction below 1"),
    /** A {@code Boolean}. */
    TRUTH("true or false"),
    /** A {@code String}. */
    TEXT("a string"),
    /** A column of a table: its name, or its number from zero. */
    COLUMN("a column's name or number"),
    /** A list of columns. */
    COLUMNS("a list of columns' names or numbers"),
    /** A list that has a column, or a list of columns, for each input. */
    COLUMN_GROUPS("a list with a column, or a list of columns, for each input");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  public ReaderParameter {
    choices = List.copyOf(choices);
  }

  /** A string that is one of a few. */
  static ReaderParameter choice(String name, String standard, String... choices) {
    return new ReaderParameter(name, Kind.TEXT, List.of(choices), Optional.of(standard));
  }

  /** What it takes, in words. */
  public String expectation() {
    return choices.isEmpty() ? kind.text : '"' + String.join("\", \"", choices) + '"';
  }

  /** Whether it takes that value. */
  public boolean accepts(Object value) {
    return switch (kind) {
      case COUNT -> value instanceof Long count && count >= 1 && count <= Integer.MAX_VALUE;
      case WHOLE -> value instanceof Long count && count >= 0;
      case PART ->
          value instanceof Long count
              ? count >= 0
              : value instanceof Double part && part >= 0 && part < 1;
      case TRUTH -> value instanceof Boolean;
      case TEXT -> value instanceof String text && (choices.isEmpty() || choices.contains(text));
      case COLUMN -> isColumn(value);
      case COLUMNS -> isColumns(value);
      case COLUMN_GROUPS ->
          value instanceof List<?> list
              && !list.isEmpty()
              && list.stream().allMatch(group -> isColumn(group) || isColumns(group));
    };
  }

  private static boolean isColumn(Object value) {
    return value instanceof String
        || (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE);
  }

  private static boolean isColumns(Object value) {
    return value instanceof List<?> list
        && !list.isEmpty()
        && list.stream().allMatch(ReaderParameter::isColumn);
  }

  /** For example {@code length} or {@code header = true}. */
  @Override
  public String toString() {
    return standard.map(value -> name + " = " + text(value)).orElse(name);
  }

  private static String text(Object value) {
    return value instanceof String string
        ? '"' + string.replace("\t", "\\t") + '"'
        : value.toString();
  }
}
