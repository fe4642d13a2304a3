package dev.dlm.op;

import dev.dlm.diagnostic.InternalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ops that come with the project. Their classes are named here, not referred to: a service that
 * reads a model loads those that the model uses, and not a hundred others before its first answer.
 */
final class BuiltinOps {
  private static final List<OpPackage> PACKAGES =
      List.of(
          new OpPackage(
              "array",
              List.of(
                  "ArgReduce",
                  "Broadcast",
                  "Concat",
                  "Constant",
                  "Cumulative",
                  "DynamicSlice",
                  "DynamicUpdateSlice",
                  "Gather",
                  "Iota",
                  "LinearRecurrence",
                  "OneHot",
                  "Pad",
                  "Reduce",
                  "Reshape",
                  "Reverse",
                  "Scatter",
                  "Size",
                  "Slice",
                  "Sort",
                  "TopK",
                  "Transpose")),
          new OpPackage("control", List.of("Cond", "Scan", "While")),
          new OpPackage(
              "math",
              List.of(
                  "Abs",
                  "Acos",
                  "Add",
                  "And",
                  "Asin",
                  "Atan",
                  "Atan2",
                  "Cast",
                  "Ceil",
                  "Clamp",
                  "Compare",
                  "Cos",
                  "Cosh",
                  "Dequantize",
                  "Div",
                  "Erf",
                  "Exp",
                  "Expm1",
                  "Floor",
                  "IsFinite",
                  "IsNan",
                  "Log",
                  "Log1p",
                  "Max",
                  "Min",
                  "Mul",
                  "Neg",
                  "Not",
                  "Or",
                  "Pow",
                  "Quantize",
                  "Rem",
                  "Round",
                  "Rsqrt",
                  "Select",
                  "ShiftLeft",
                  "ShiftRight",
                  "Sigmoid",
                  "Sign",
                  "Sin",
                  "Sinh",
                  "Sqrt",
                  "Sub",
                  "Tan",
                  "Tanh",
                  "Xor")),
          new OpPackage(
              "meta", List.of("Gradient", "JacobianVectorProduct", "Region", "StopGradient")),
          new OpPackage(
              "nn",
              List.of(
                  "Convolution",
                  "ConvolutionInputGradient",
                  "ConvolutionKernelGradient",
                  "Dot",
                  "ReduceWindow",
                  "ScaledDotProductAttention",
                  "ScaledDotProductAttentionGradient",
                  "SelectAndGather",
                  "SelectAndScatter")),
          new OpPackage("random", List.of("RandomBits")));

  /** The simple names of the op classes of a package below this one. */
  private record OpPackage(String name, List<String> classes) {
    Class<? extends Op> load(String simpleName) {
      String className = BuiltinOps.class.getPackageName() + "." + name + "." + simpleName;
      try {
        return Class.forName(className).asSubclass(Op.class);
      } catch (ClassNotFoundException e) {
        throw new InternalException("there is no op class " + className, e);
      }
    }
  }

  private BuiltinOps() {}

  /** The class with a simple name. */
  static Optional<Class<? extends Op>> find(String simpleName) {
    for (OpPackage each : PACKAGES) {
      if (each.classes.contains(simpleName)) {
        return Optional.of(each.load(simpleName));
      }
    }
    return Optional.empty();
  }

  /** All classes, in a list of the caller's own. */
  static List<Class<? extends Op>> all() {
    List<Class<? extends Op>> ops = new ArrayList<>();
    for (OpPackage each : PACKAGES) {
      for (String simpleName : each.classes) {
        ops.add(each.load(simpleName));
      }
    }
    return ops;
  }
}
