package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Pad;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;

/** {@link Pad}: each element of the result looks for the element that it came from. */
final class PadCode {
  private PadCode() {}

  static StepCode of(Pad pad, Step step) {
    TensorType operand = step.operand(0).type();
    return ElementwiseCode.of(
        step,
        "pad",
        (writer, at) -> {
          List<String> conditions = new ArrayList<>();
          List<String> places = new ArrayList<>();
          for (int axis = 0; axis < operand.rank(); axis++) {
            long spread = pad.interior().get(axis) + 1;
            String from = "from" + axis;
            writer.line(
                "INDEX "
                    + from
                    + " = "
                    + at.get(axis)
                    + " - "
                    + writer.size(pad.low().get(axis))
                    + ";");
            String place = spread == 1 ? from : from + " / " + spread;
            conditions.add(from + " >= 0");
            if (spread != 1) {
              conditions.add(from + " % " + spread + " == 0");
            }
            conditions.add(place + " < " + writer.size(operand.dim(axis)));
            places.add(place);
          }
          String position = writer.linear(Dim.ZERO, operand.shape().strides(), places);
          String element = writer.load(0, position);
          String value =
              conditions.isEmpty()
                  ? element
                  : String.join(" && ", conditions) + " ? " + element + " : " + writer.load(1, "0");
          writer.line(ElementCode.valueType(operand.dtype()) + " value = " + value + ";");
          writer.store(step.reads().size(), "element", "value");
        });
  }
}
