package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.Shape;
import dev.dlm.ir.TensorType;
import dev.dlm.op.array.Concat;
import dev.dlm.plan.Step;
import dev.dlm.runtime.device.Sizes;
import java.util.ArrayList;
import java.util.List;

/** {@link Concat}: one copy an operand. */
final class ConcatCode implements StepCode {
  private static final int GROUP = 64;

  /** The copy of one operand, one work item an element. */
  private record Copy(KernelCode code, Dim count) {}

  private final List<Copy> copies = new ArrayList<>();

  private ConcatCode(Concat concat, Step step) {
    TensorType result = step.writes().get(0).type();
    int axis = concat.axis();
    Dim inner = new Shape(result.shape().dims().subList(axis + 1, result.rank())).count();
    Dim start = Dim.ZERO;
    for (int operand = 0; operand < step.reads().size(); operand++) {
      TensorType type = step.operand(operand).type();
      Dim run = type.dim(axis).times(inner);
      KernelWriter writer = new KernelWriter(step);
      writer.line("INDEX element = get_global_id(0);");
      writer.line("if (element >= " + writer.size(type.shape().count()) + ") return;");
      writer.line("INDEX outer = element / " + writer.size(run) + ";");
      writer.line("INDEX within = element - outer * " + writer.size(run) + ";");
      String position =
          writer.linear(
              start.times(inner),
              List.of(result.dim(axis).times(inner), Dim.ONE),
              List.of("outer", "within"));
      String value =
          ElementCode.valueType(type.dtype()) + " value = " + writer.load(operand, "element");
      writer.line(value + ";");
      writer.store(step.reads().size(), position, "value");
      copies.add(new Copy(writer.build("concat"), type.shape().count()));
      start = start.plus(type.dim(axis));
    }
  }

  static StepCode of(Concat concat, Step step) {
    return new ConcatCode(concat, step);
  }

  @Override
  public List<Launch> launches(Sizes sizes) {
    return copies.stream()
        .filter(copy -> sizes.of(copy.count()) > 0)
        .map(copy -> Launch.flat(copy.code(), sizes.of(copy.count()), GROUP))
        .toList();
  }
}
