package dev.dlm.cli.show;

import dev.dlm.runtime.tensor.Tensor;
import java.util.Locale;

/** A tensor for people: a table of its last axis against all others, cut short where large. */
public final class TensorText {
  private static final int MAX_ROWS = 20;
  private static final int MAX_COLUMNS = 12;

  private TensorText() {}

  /** The elements, lines ended by a line feed. */
  public static String of(Tensor tensor) {
    int rank = tensor.rank();
    long columns = rank == 0 ? 1 : tensor.size(rank - 1);
    long rows = columns == 0 ? 0 : tensor.count() / columns;
    int shownColumns = (int) Math.min(columns, MAX_COLUMNS);
    Table table = new Table();
    for (long row = 0; row < Math.min(rows, MAX_ROWS); row++) {
      boolean cut = columns > shownColumns;
      String[] cells = new String[shownColumns + (cut ? 2 : 1)];
      cells[0] = label(tensor, row);
      for (int column = 0; column < shownColumns; column++) {
        cells[column + 1] = element(tensor, row * columns + column);
      }
      if (cut) {
        cells[shownColumns + 1] = "…";
      }
      table.row(cells);
    }
    String text = table.print("  ");
    return rows > MAX_ROWS ? text + "  … %,d more rows\n".formatted(rows - MAX_ROWS) : text;
  }

  /** The indices of a row along all axes but the last. */
  private static String label(Tensor tensor, long row) {
    StringBuilder label = new StringBuilder("]");
    long rest = row;
    for (int axis = tensor.rank() - 2; axis >= 0; axis--) {
      label.insert(0, (axis == 0 ? "" : ", ") + rest % tensor.size(axis));
      rest /= tensor.size(axis);
    }
    return tensor.rank() < 2 ? "" : label.insert(0, "[").toString();
  }

  private static String element(Tensor tensor, long index) {
    if (!tensor.dtype().isFloat()) {
      return Long.toString(tensor.longAt(index));
    }
    double value = tensor.doubleAt(index);
    double size = Math.abs(value);
    return size != 0 && (size < 1e-4 || size >= 1e6)
        ? String.format(Locale.ROOT, "%.4e", value)
        : String.format(Locale.ROOT, "%.6f", value);
  }
}
