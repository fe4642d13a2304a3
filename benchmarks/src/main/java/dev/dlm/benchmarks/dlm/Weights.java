package dev.dlm.benchmarks.dlm;

import dev.dlm.benchmarks.work.Values;
import dev.dlm.benchmarks.work.Workload;
import dev.dlm.ir.Variable;
import java.util.Arrays;
import java.util.Map;

/**
 * The elements of a model's weights, which {@link Workload} names in a way that suits all engines.
 */
final class Weights {
  /**
   * What layers of the library call by other names: what a variable's name holds, and what stands
   * for it there.
   */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("network.", ""),
          Map.entry("embed.", "tokens."),
          Map.entry(".attention.", "."),
          Map.entry(".attention_norm.", ".norm1."),
          Map.entry(".feed_forward.", "."),
          Map.entry(".feed_forward_norm.", ".norm2."),
          Map.entry(".conv1.norm.scale", ".scale1"),
          Map.entry(".conv1.norm.shift", ".shift1"),
          Map.entry(".conv2.norm.scale", ".scale2"),
          Map.entry(".conv2.norm.shift", ".shift2"),
          Map.entry("stem.norm.", "stem."),
          Map.entry("shortcut.norm.", "shortcut."),
          Map.entry(".conv.w", ".w"));

  private Weights() {}

  /** The elements of a weight of the given work's model. */
  static float[] of(Workload work, Variable weight) {
    int[] sizes =
        Arrays.stream(weight.type().shape().asLongs()).mapToInt(Math::toIntExact).toArray();
    int count = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    return switch (work) {
      case Workload.Product product -> Values.weight("b", count, product.depth());
      case Workload.LstmTraining _ when weight.name().startsWith("lstm.") -> lstm(weight, count);
      case Workload.Elementwise(Workload.Formula formula) ->
          switch (formula) {
            case GELU ->
                weight.name().equals("w") ? Values.input("w", count) : Values.bias("b", count);
            case LAYERNORM -> values(weight.name().substring("norm.".length()), sizes, count);
            case SOFTMAX -> throw new IllegalArgumentException("softmax has no weights");
          };
      case Workload.MlpTraining _,
          Workload.CnnTraining _,
          Workload.Resnet50Inference _,
          Workload.Resnet18Training _,
          Workload.LstmTraining _,
          Workload.Encoder _,
          Workload.Gpt2Forward _,
          Workload.MlpLatency _ ->
          values(commonName(weight.name()), sizes, count);
    };
  }

  private static String commonName(String name) {
    String common = name;
    for (Map.Entry<String, String> entry : NAMES.entrySet()) {
      common = common.replace(entry.getKey(), entry.getValue());
    }
    return common;
  }

  private static float[] values(String name, int[] sizes, int count) {
    String kind = name.substring(name.lastIndexOf('.') + 1);
    if (kind.startsWith("scale")) {
      return Values.scale(name, count);
    }
    if (kind.startsWith("shift") || kind.equals("b")) {
      return Values.bias(name, count);
    }
    if (kind.equals("table")) {
      return Values.weight(name, count, sizes[1]);
    }
    int outputs = sizes.length == 4 ? sizes[0] : sizes[1];
    return Values.weight(name, count, count / outputs);
  }

  /**
   * The library keeps the rows of inputs and of hidden values apart, and adds 1 to what opens the
   * forget gates, which the bias therefore lacks.
   */
  private static float[] lstm(Variable weight, int count) {
    int inputs = 128;
    int hidden = 256;
    int columns = 4 * hidden;
    if (weight.name().endsWith(".b")) {
      float[] bias = Values.bias("lstm.b", count);
      for (int i = hidden; i < 2 * hidden; i++) {
        bias[i] -= 1;
      }
      return bias;
    }
    int rows = inputs + hidden;
    float[] all = Values.weight("lstm.w", rows * columns, rows);
    return weight.name().endsWith(".w")
        ? Arrays.copyOfRange(all, 0, inputs * columns)
        : Arrays.copyOfRange(all, inputs * columns, rows * columns);
  }
}
