package dev.dlm.training.reader;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.DataBytes;
import dev.dlm.training.data.DataColumn;
import dev.dlm.training.data.DataDiagnostics;
import dev.dlm.training.data.DataSource;
import dev.dlm.training.data.DecodedDataSource;
import dev.dlm.training.data.DecodedDataSource.DecodedColumn;
import dev.dlm.training.data.ExampleReader;
import dev.dlm.training.data.Fitted;
import dev.dlm.training.data.HeldBack;
import dev.dlm.training.data.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Rows of a table: a column of examples for each group of the table's columns.
 *
 * <p>A table's column holds numbers; or categories, whose values become their place in the order of
 * the training data; or categories that become as many numbers, one of which is 1. A group that is
 * a single column without a list gives {@code []}, as {@code i32} where all its numbers are whole
 * or it is of categories; any other gives {@code f64[n]}, which becomes what the input is declared
 * with. Numbers may be standardized: less the mean and by the deviation of the training rows.
 */
public final class TableData implements ExampleReader {
  /** What happens to a row that lacks a value it needs. */
  public enum Missing {
    /** It is an error. */
    ERROR,
    /** Numbers become the mean of the training rows; among categories the blank is one. */
    MEAN,
    /** The row is left out. */
    SKIP
  }

  /**
   * What is taken from the table.
   *
   * @param groups for each column of examples a table's column, as {@code String} or {@code Long},
   *     or a {@code List} of them
   * @param categories columns that hold categories
   * @param oneHot columns that hold categories, each of which becomes a number of its own
   * @param standardized columns of numbers
   */
  public record Form(
      char separator,
      boolean header,
      Missing missing,
      List<?> groups,
      List<?> categories,
      List<?> oneHot,
      List<?> standardized) {}

  private final List<String> names;
  private final SeparatedText table;
  private final Form form;
  private final HeldBack held;
  private final List<List<TableColumn>> groups;
  private final List<SeparatedText.Row> rows;

  private TableData(List<String> names, SeparatedText table, Form form, HeldBack held) {
    this.names = List.copyOf(names);
    this.table = table;
    this.form = form;
    this.held = held;
    if (form.groups().size() != names.size()) {
      throw DataDiagnostics.mismatch(
          "'columns' has %d entries for the %d inputs %s"
              .formatted(form.groups().size(), names.size(), String.join(", ", names)));
    }
    this.groups =
        form.groups().stream()
            .map(group -> group instanceof List<?> several ? several : List.of(group))
            .map(group -> group.stream().map(this::column).toList())
            .toList();
    this.rows = rows();
  }

  /**
   * Reads a file in UTF-8, plain or behind gzip.
   *
   * @param names of the columns of examples
   * @throws GraphException with code {@code file-read}, {@code data-invalid} or {@code
   *     data-mismatch}
   */
  public static TableData read(List<String> names, Path file, Form form, HeldBack held) {
    SeparatedText.Form written = new SeparatedText.Form(form.separator(), form.header(), 0, true);
    String text = DataBytes.text(file);
    return new TableData(names, SeparatedText.parse(file.toString(), text, written), form, held);
  }

  private TableColumn column(Object column) {
    int place = table.place(column);
    TableColumn.Kind kind;
    if (holds(form.oneHot(), place)) {
      kind = TableColumn.Kind.ONE_HOT;
    } else if (holds(form.categories(), place)) {
      kind = TableColumn.Kind.CATEGORY;
    } else {
      kind =
          holds(form.standardized(), place)
              ? TableColumn.Kind.STANDARDIZED
              : TableColumn.Kind.NUMBER;
    }
    return new TableColumn(
        table.origin(), table.name(place), place, kind, form.missing() == Missing.MEAN);
  }

  private boolean holds(List<?> columns, int place) {
    return columns.stream().anyMatch(column -> table.place(column) == place);
  }

  private List<SeparatedText.Row> rows() {
    return form.missing() != Missing.SKIP
        ? table.rows()
        : table.rows().stream()
            .filter(row ->
                groups.stream().flatMap(List::stream).noneMatch(column -> column.isBlank(row)))
            .toList();
  }

  private List<SeparatedText.Row> of(Part part) {
    return IntStream.of(held.examples(part, rows.size(), table.origin()))
        .mapToObj(rows::get)
        .toList();
  }

  @Override
  public Fitted fit() {
    List<SeparatedText.Row> training = of(Part.TRAINING);
    TreeMap<String, List<String>> lists = new TreeMap<>();
    groups.stream().flatMap(List::stream).forEach(column -> column.fit(training, lists));
    return new Fitted(lists);
  }

  @Override
  public DataSource open(Part part, Fitted fitted) {
    List<SeparatedText.Row> chosen = of(part);
    List<DecodedColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(examples(i, chosen, fitted));
    }
    return DecodedDataSource.of(chosen.size(), columns);
  }

  private DecodedColumn examples(int index, List<SeparatedText.Row> chosen, Fitted fitted) {
    List<TableColumn> group = groups.get(index);
    int width = 0;
    for (TableColumn column : group) {
      width += column.width(fitted);
    }
    double[] values = new double[Math.multiplyExact(chosen.size(), width)];
    int from = 0;
    for (TableColumn column : group) {
      column.fill(chosen, fitted, values, from, width);
      from += column.width(fitted);
    }
    boolean single =
        !(form.groups().get(index) instanceof List<?>)
            && group.getFirst().kind() != TableColumn.Kind.ONE_HOT;
    boolean whole =
        single
            && Arrays.stream(values)
                .allMatch(v -> v == Math.rint(v) && Math.abs(v) <= Integer.MAX_VALUE);
    int perExample = width;
    DataColumn column =
        new DataColumn(
            names.get(index),
            whole ? DType.I32 : DType.F64,
            single ? List.of() : List.of((long) width));
    return new DecodedColumn(
        column,
        (_, example, elements) -> {
          for (int i = 0; i < perExample; i++) {
            elements.put(i, values[example * perExample + i]);
          }
        },
        (long) Arrays.stream(values).min().orElse(0),
        (long) Arrays.stream(values).max().orElse(0),
        table.origin());
  }
}
