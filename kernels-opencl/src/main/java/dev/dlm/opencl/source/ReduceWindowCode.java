package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.ReduceWindow;
import dev.dlm.plan.Step;
import java.util.List;

/** {@link ReduceWindow}: one work item a window. Narrow types are reduced in {@code f32}. */
final class ReduceWindowCode {
  private ReduceWindowCode() {}

  static StepCode of(ReduceWindow op, Step step) {
    TensorType operand = step.operand(0).type();
    DType wide = operand.dtype() == DType.F64 ? DType.F64 : DType.F32;
    return ElementwiseCode.of(
        step,
        "reduce_window",
        (writer, at) -> {
          String type = ElementCode.valueType(wide);
          String identity = ElementCode.literal(wide, op.kind().identity());
          writer.line(type + " value = " + identity + ";");
          WindowCode window = new WindowCode(writer, op.window(), operand);
          window.open(at);
          writer.line(type + " part = " + writer.load(0, "place") + ";");
          String combined =
              ScalarCode.apply(op.kind().combiner(), wide, wide, List.of("value", "part"));
          writer.line("value = " + combined + ";");
          window.close();
          writer.store(step.reads().size(), "element", "value");
        });
  }
}
