package dev.dlm.opencl.source;

import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Step;
import java.util.List;
import java.util.function.BiConsumer;

/** The code of an op whose result is made by one work item an element. */
final class ElementwiseCode {
  private static final int GROUP = 64;

  private ElementwiseCode() {}

  /**
   * @param body writes the code for the element of the first result with the given coordinates,
   *     which ends with its store at {@code element}
   */
  static StepCode of(Step step, String name, BiConsumer<KernelWriter, List<String>> body) {
    TensorType result = step.writes().get(0).type();
    Dim count = result.shape().count();
    KernelWriter writer = new KernelWriter(step);
    writer.line("INDEX element = get_global_id(0);");
    writer.line("if (element >= " + writer.size(count) + ") return;");
    body.accept(writer, writer.coordinates("element", "i", result.shape().dims()));
    KernelCode code = writer.build(name);
    return sizes -> {
      long items = sizes.of(count);
      return items == 0 ? List.of() : List.of(Launch.flat(code, items, GROUP));
    };
  }
}
