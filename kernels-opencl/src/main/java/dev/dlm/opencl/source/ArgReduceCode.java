package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.ArgReduce;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.List;

/** {@link ArgReduce}: each work item looks along the axis. */
final class ArgReduceCode {
  private ArgReduceCode() {}

  static StepCode of(ArgReduce op, Step step) {
    TensorType operand = step.operand(0).type();
    return ElementwiseCode.of(
        step,
        "arg_reduce",
        (writer, at) -> {
          List<Dim> strides = new ArrayList<>(operand.shape().strides());
          Dim along = strides.remove(op.axis());
          String type = ElementCode.valueType(operand.dtype());
          writer.line("INDEX start = " + writer.linear(Dim.ZERO, strides, at) + ";");
          writer.line("int best = 0;");
          writer.line(type + " extreme = 0;");
          writer.line("for (INDEX k = 0; k < " + writer.size(operand.dim(op.axis())) + "; k++) {");
          String element = writer.load(0, "start + k * " + writer.size(along));
          writer.line(type + " candidate = " + element + ";");
          String more =
              Extremes.isMore(
                  op.kind() == ArgReduce.Kind.MAX, operand.dtype(), "candidate", "extreme");
          writer.line("if (k == 0 || " + more + ") { best = k; extreme = candidate; }");
          writer.line("}");
          writer.store(step.reads().size(), "element", "best");
        });
  }
}
