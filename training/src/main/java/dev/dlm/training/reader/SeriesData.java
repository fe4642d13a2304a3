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
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Windows of a time series, a row a moment: column {@code f64[past, columns]}, and column {@code
 * f64[ahead, predicted columns]}, what followed.
 *
 * <p>What is held back is the end: examples that ask for the last moments. No training example asks
 * for any of these; those held back may look at moments before, which are known by then. Numbers
 * may be standardized: less the mean and by the deviation of the moments before the first that is
 * held back.
 */
public final class SeriesData implements ExampleReader {
  /**
   * What is taken from the table.
   *
   * @param columns what is looked at, each a {@code String} or {@code Long}
   * @param predicted what is asked for; where empty, the same
   * @param past moments looked at
   * @param ahead moments asked for
   */
  public record Form(
      char separator,
      boolean header,
      List<?> columns,
      List<?> predicted,
      int past,
      int ahead,
      boolean standardized) {}

  private final List<String> names;
  private final SeparatedText table;
  private final Form form;
  private final int[] columns;
  private final int[] predicted;
  private final int countExamples;
  private final int countHeld;

  private SeriesData(List<String> names, SeparatedText table, Form form, HeldBack held) {
    this.names = List.copyOf(names);
    this.table = table;
    this.form = form;
    this.columns = form.columns().stream().mapToInt(table::place).toArray();
    this.predicted =
        form.predicted().isEmpty()
            ? columns
            : form.predicted().stream().mapToInt(table::place).toArray();
    int moments = table.rows().size();
    this.countExamples = moments - form.past() - form.ahead() + 1;
    if (countExamples < 1) {
      throw DataDiagnostics.mismatch(
          "'%s' has %d rows, fewer than the %d + %d of an example"
              .formatted(table.origin(), moments, form.past(), form.ahead()));
    }
    this.countHeld = held.count(countExamples, table.origin());
  }

  /**
   * Reads a file in UTF-8, plain or behind gzip.
   *
   * @param names of the two columns of examples
   * @throws GraphException with code {@code file-read}, {@code data-invalid} or {@code
   *     data-mismatch}
   */
  public static SeriesData read(List<String> names, Path file, Form form, HeldBack held) {
    SeparatedText.Form written = new SeparatedText.Form(form.separator(), form.header(), 0, true);
    String text = DataBytes.text(file);
    return new SeriesData(names, SeparatedText.parse(file.toString(), text, written), form, held);
  }

  @Override
  public Fitted fit() {
    TreeMap<String, List<String>> lists = new TreeMap<>();
    if (form.standardized()) {
      int known = countExamples - countHeld + form.past();
      for (int place : columns) {
        lists.put(list(place), TableColumn.fit(Arrays.copyOf(values(place), known)));
      }
      for (int place : predicted) {
        lists.put(list(place), TableColumn.fit(Arrays.copyOf(values(place), known)));
      }
    }
    return new Fitted(lists);
  }

  private String list(int place) {
    return "mean and deviation of " + table.name(place);
  }

  @Override
  public DataSource open(Part part, Fitted fitted) {
    boolean all = countHeld == 0;
    int first = part == Part.TRAINING || all ? 0 : countExamples - countHeld;
    int count = countExamples;
    if (!all) {
      // Examples whose answers reach into the time held back belong to neither part.
      count = part == Part.TRAINING ? countExamples - countHeld - form.ahead() + 1 : countHeld;
    }
    return DecodedDataSource.of(
        Math.max(0, count),
        List.of(
            column(names.get(0), columns, first, form.past(), fitted),
            column(names.get(1), predicted, first + form.past(), form.ahead(), fitted)));
  }

  private DecodedColumn column(String name, int[] places, int first, int length, Fitted fitted) {
    double[][] series = new double[places.length][];
    for (int i = 0; i < places.length; i++) {
      series[i] = standardized(places[i], fitted);
    }
    return DecodedColumn.of(
        new DataColumn(name, DType.F64, List.of((long) length, (long) places.length)),
        (_, example, elements) -> {
          for (int moment = 0; moment < length; moment++) {
            for (int i = 0; i < series.length; i++) {
              elements.put(moment * series.length + i, series[i][first + example + moment]);
            }
          }
        },
        table.origin());
  }

  private double[] standardized(int place, Fitted fitted) {
    double[] values = values(place);
    if (form.standardized()) {
      List<String> moments = fitted.list(list(place));
      double mean = Double.parseDouble(moments.get(0));
      double deviation = Double.parseDouble(moments.get(1));
      for (int i = 0; i < values.length; i++) {
        values[i] = (values[i] - mean) / deviation;
      }
    }
    return values;
  }

  private double[] values(int place) {
    return table.rows().stream()
        .mapToDouble(
            row -> TableColumn.number(table.origin(), table.name(place), row.fields().get(place)))
        .toArray();
  }
}
