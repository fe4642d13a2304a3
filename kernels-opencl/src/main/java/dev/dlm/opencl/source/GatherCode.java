package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Gather;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;

/** {@link Gather}: each element of the result reads its indices. */
final class GatherCode {
  private GatherCode() {}

  static StepCode of(Gather op, Step step) {
    TensorType x = step.operand(0).type();
    TensorType indices = step.operand(1).type();
    int tuples = indices.rank() - 1;
    return ElementwiseCode.of(
        step,
        "gather",
        (writer, at) -> {
          List<String> places = new ArrayList<>(at.subList(0, op.batch()));
          int next = tuples;
          for (int axis = op.batch(); axis < x.rank(); axis++) {
            int number = op.axes().indexOf(axis);
            if (number < 0) {
              places.add(at.get(next++));
            } else {
              List<Dim> strides = indices.shape().strides().subList(0, tuples);
              String index =
                  writer.load(1, writer.linear(Dim.of(number), strides, at.subList(0, tuples)));
              String last = writer.size(x.dim(axis)) + " - 1";
              writer.line(
                  "INDEX a" + axis + " = clamp((long)" + index + ", 0L, (long)(" + last + "));");
              places.add("a" + axis);
            }
          }
          String position = writer.linear(Dim.ZERO, x.shape().strides(), places);
          writer.line(
              ElementCode.valueType(x.dtype()) + " value = " + writer.load(0, position) + ";");
          writer.store(step.reads().size(), "element", "value");
        });
  }
}
