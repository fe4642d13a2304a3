package dev.dlm.opencl.source;

import dev.dlm.ir.TensorType;
import dev.dlm.op.nn.SelectAndGather;
import dev.dlm.plan.Step;

/** {@link SelectAndGather}: one work item a window. */
final class SelectAndGatherCode {
  private SelectAndGatherCode() {}

  static StepCode of(SelectAndGather op, Step step) {
    TensorType operand = step.operand(0).type();
    return ElementwiseCode.of(
        step,
        "select_and_gather",
        (writer, at) -> {
          new WindowCode(writer, op.window(), operand).select(op.kind(), at);
          String type = ElementCode.valueType(operand.dtype());
          writer.line(type + " value = 0;");
          writer.line("if (best >= 0) value = " + writer.load(1, "best") + ";");
          writer.store(step.reads().size(), "element", "value");
        });
  }
}
