package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.SelectAndScatter;
import dev.dlm.op.nn.WindowGeometry;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link SelectAndScatter} without scattering: each element of the result asks the windows that
 * hold it, in row-major order, whether they selected it.
 */
final class SelectAndScatterCode {
  private SelectAndScatterCode() {}

  static StepCode of(SelectAndScatter op, Step step) {
    TensorType operand = step.operand(0).type();
    TensorType upstream = step.operand(1).type();
    WindowGeometry window = op.window();
    return ElementwiseCode.of(
        step,
        "select_and_scatter",
        (writer, at) -> {
          String type = ElementCode.valueType(operand.dtype());
          writer.line(type + " sum = 0;");
          List<String> windows = new ArrayList<>();
          for (int axis = 0; axis < operand.rank(); axis++) {
            openWindows(writer, window, axis, at.get(axis), writer.size(upstream.dim(axis)));
            windows.add("w" + axis);
          }
          new WindowCode(writer, window, operand).select(op.kind(), windows);
          String position = writer.linear(Dim.ZERO, upstream.shape().strides(), windows);
          writer.line("if (best == element) sum += " + writer.load(1, position) + ";");
          for (int axis = 0; axis < operand.rank(); axis++) {
            writer.line("}");
          }
          writer.store(step.reads().size(), "element", "sum");
        });
  }

  /** Opens the loop over the windows along an axis that hold a coordinate. */
  private static void openWindows(
      KernelWriter writer, WindowGeometry window, int axis, String at, String count) {
    long size = window.sizes().get(axis);
    long stride = window.strides().get(axis);
    long low = window.padLow().get(axis);
    String w = "w" + axis;
    String first = "(" + at + " + " + (low - size + stride) + ")";
    String last = "(" + at + " + " + low + ") / " + stride;
    writer.line(
        "INDEX first" + axis + " = " + first + " > 0 ? " + first + " / " + stride + " : 0;");
    writer.line("INDEX last" + axis + " = min((INDEX)(" + last + "), (INDEX)(" + count + " - 1));");
    writer.line(
        "for (INDEX " + w + " = first" + axis + "; " + w + " <= last" + axis + "; " + w + "++) {");
  }
}
