package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Step;
import java.util.List;

/** Brings a step's first operand to its result, for an op that then changes a part of it. */
final class CopyCode {
  private static final int GROUP = 64;

  private CopyCode() {}

  /** The copy; no launches where the result has the operand's own bytes. */
  static StepCode ofFirstOperand(Step step) {
    if (step.reads().getFirst().equals(step.writes().getFirst())) {
      return sizes -> List.of();
    }
    TensorType x = step.operand(0).type();
    Dim count = x.shape().count();
    KernelWriter writer = new KernelWriter(step);
    writer.line("INDEX element = get_global_id(0);");
    writer.line("if (element >= " + writer.size(count) + ") return;");
    String type = ElementCode.valueType(x.dtype());
    writer.line(type + " value = " + writer.load(0, "element") + ";");
    writer.store(step.reads().size(), "element", "value");
    KernelCode code = writer.build("copy");
    return sizes ->
        sizes.of(count) == 0 ? List.of() : List.of(Launch.flat(code, sizes.of(count), GROUP));
  }
}
