package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Reduce;
import dev.dlm.op.nn.WindowGeometry;
import java.util.ArrayList;
import java.util.List;

/** Writes loops over the elements of one window, in row-major order, the padding left out. */
final class WindowCode {
  private final KernelWriter writer;
  private final WindowGeometry window;
  private final TensorType operand;

  WindowCode(KernelWriter writer, WindowGeometry window, TensorType operand) {
    this.writer = writer;
    this.window = window;
    this.operand = operand;
  }

  /**
   * Opens the loops; {@code place} is then the position in the operand. Closed by {@link #close}.
   *
   * @param at coordinates of the window
   */
  void open(List<String> at) {
    List<String> conditions = new ArrayList<>();
    List<String> places = new ArrayList<>();
    for (int axis = 0; axis < operand.rank(); axis++) {
      long size = window.sizes().get(axis);
      String from =
          at.get(axis) + " * " + window.strides().get(axis) + " - " + window.padLow().get(axis);
      if (size == 1) {
        places.add("(" + from + ")");
        continue;
      }
      String k = "k" + axis;
      String place = "(" + from + " + " + k + ")";
      writer.line("for (int " + k + " = 0; " + k + " < " + size + "; " + k + "++)");
      if (window.padLow().get(axis) > 0) {
        conditions.add(place + " >= 0");
      }
      if (window.padHigh().get(axis) > 0) {
        conditions.add(place + " < " + writer.size(operand.dim(axis)));
      }
      places.add(place);
    }
    writer.line("{");
    if (!conditions.isEmpty()) {
      writer.line("if (!(" + String.join(" && ", conditions) + ")) continue;");
    }
    writer.line(
        "INDEX place = " + writer.linear(Dim.ZERO, operand.shape().strides(), places) + ";");
  }

  void close() {
    writer.line("}");
  }

  /** Appends the search for a window's extreme element; its position, or −1, is in {@code best}. */
  void select(Reduce.Kind kind, List<String> at) {
    String type = ElementCode.valueType(operand.dtype());
    writer.line("INDEX best = -1;");
    writer.line(type + " extreme = 0;");
    open(at);
    writer.line(type + " candidate = " + writer.load(0, "place") + ";");
    String more = Extremes.isMore(kind == Reduce.Kind.MAX, operand.dtype(), "candidate", "extreme");
    writer.line("if (best < 0 || " + more + ") { best = place; extreme = candidate; }");
    close();
  }
}
