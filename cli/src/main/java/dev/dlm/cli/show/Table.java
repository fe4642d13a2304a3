package dev.dlm.cli.show;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells, laid out in columns as wide as their widest cell. Used by one thread. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private int firstRight;
  private int endRight;

  /** Adds a row; rows may differ in length. */
  public Table row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /**
   * Lines the cells of some columns up at their right ends, as numbers want it.
   *
   * @param first from 0
   * @param end the first column behind them
   */
  public Table alignRight(int first, int end) {
    firstRight = first;
    endRight = end;
    return this;
  }

  /**
   * The rows, each indented and ended by a line feed.
   *
   * @param indentation what every line begins with
   */
  public String print(String indentation) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder(indentation);
      for (int i = 0; i < row.size(); i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        boolean right = i >= firstRight && i < endRight;
        line.append(right ? padding + row.get(i) : row.get(i) + padding);
        line.append(i < row.size() - 1 ? GAP : "");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
