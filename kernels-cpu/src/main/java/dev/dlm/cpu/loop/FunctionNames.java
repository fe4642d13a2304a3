package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import java.util.Locale;

/** The names of the methods that generated code calls, made from those of functions and types. */
final class FunctionNames {
  private FunctionNames() {}

  /** {@code LESS_OR_EQUAL} is {@code lessOrEqual}. */
  static String of(ScalarFunction function) {
    return camelCase(function.name());
  }

  /** {@code SUM} is {@code sum}. */
  static String of(Reduce.Kind kind) {
    return camelCase(kind.name());
  }

  private static String camelCase(String constant) {
    StringBuilder name = new StringBuilder();
    for (String word : constant.split("_", -1)) {
      name.append(name.isEmpty() ? lower(word) : capitalized(word));
    }
    return name.toString();
  }

  /** {@code BF16} with the prefix {@code load} is {@code loadBf16}. */
  static String of(String prefix, DType dtype) {
    return prefix + capitalized(dtype.name());
  }

  /** {@code MAX} with the prefix {@code fold} is {@code foldMax}. */
  static String of(String prefix, Reduce.Kind kind) {
    return prefix + capitalized(kind.name());
  }

  private static String capitalized(String word) {
    return word.charAt(0) + lower(word.substring(1));
  }

  private static String lower(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
