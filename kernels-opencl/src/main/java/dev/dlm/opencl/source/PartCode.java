package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link dev.dlm.op.array.DynamicSlice} and {@link dev.dlm.op.array.DynamicUpdateSlice}: one work
 * item for each element of the part.
 */
final class PartCode {
  private static final int GROUP = 64;

  private PartCode() {}

  static StepCode read(Step step) {
    return ElementwiseCode.of(
        step,
        "dynamic_slice",
        (writer, at) -> {
          TensorType x = step.operand(0).type();
          String position = position(writer, 1, x, step.operand(2).type().shape(), at);
          writer.line(
              ElementCode.valueType(x.dtype()) + " value = " + writer.load(0, position) + ";");
          writer.store(2, "element", "value");
        });
  }

  static StepCode write(Step step) {
    StepCode copy = CopyCode.ofFirstOperand(step);
    TensorType x = step.operand(0).type();
    Shape part = step.operand(1).type().shape();
    KernelWriter writer = new KernelWriter(step);
    writer.line("INDEX element = get_global_id(0);");
    writer.line("if (element >= " + writer.size(part.count()) + ") return;");
    List<String> at = writer.coordinates("element", "i", part.dims());
    String position = position(writer, 2, x, part, at);
    writer.line(ElementCode.valueType(x.dtype()) + " value = " + writer.load(1, "element") + ";");
    writer.store(3, position, "value");
    KernelCode code = writer.build("dynamic_update_slice");
    return sizes -> {
      List<Launch> launches = new ArrayList<>(copy.launches(sizes));
      if (sizes.of(part.count()) > 0) {
        launches.add(Launch.flat(code, sizes.of(part.count()), GROUP));
      }
      return launches;
    };
  }

  /** Where an element of the part lies in the whole tensor. */
  private static String position(
      KernelWriter writer, int starts, TensorType x, Shape part, List<String> at) {
    List<String> places = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      String start = writer.load(starts, Integer.toString(axis));
      String last = writer.size(x.dim(axis).minus(part.dim(axis)));
      writer.line("INDEX s" + axis + " = clamp((long)" + start + ", 0L, (long)(" + last + "));");
      places.add("(" + at.get(axis) + " + s" + axis + ")");
    }
    return writer.linear(Dim.ZERO, x.shape().strides(), places);
  }
}
