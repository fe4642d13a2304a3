package dev.dlm.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** The layout of the table: columns of fixed width, so that lines can be printed as they come. */
final class Table {
  private static final int LABEL = 25;
  private static final int THREADS = 2;
  private static final int UNIT = 8;
  private static final int CELL = 12;

  private Table() {}

  static String line(String label, String threads, String unit, List<String> cells) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-" + LABEL + "s %-" + THREADS + "s %-" + UNIT + "s",
                label,
                threads,
                unit));
    for (String cell : cells) {
      line.append(String.format(Locale.ROOT, "%" + CELL + "s", cell));
    }
    return line.toString();
  }

  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}
