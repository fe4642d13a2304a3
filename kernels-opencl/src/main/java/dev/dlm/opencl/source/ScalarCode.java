package dev.dlm.opencl.source;

import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.DType;
import dev.dlm.op.ScalarFunction;
import java.util.List;

/**
 * Scalar functions as OpenCL C expressions, as {@link ScalarFunction} defines them. Signed integers
 * are computed with as unsigned ones where they may overflow, since overflow is undefined in C.
 */
final class ScalarCode {
  private ScalarCode() {}

  /**
   * A function of variables, as an expression of the result's value type, rounded to it.
   *
   * @param from the type of the last argument
   * @param to the type of the result
   */
  static String apply(ScalarFunction function, DType from, DType to, List<String> arguments) {
    String a = arguments.get(0);
    String b = arguments.get(arguments.size() - 1);
    if (function == ScalarFunction.CAST) {
      return cast(from, to, a);
    }
    if (function == ScalarFunction.SELECT) {
      return "(" + a + " ? " + arguments.get(1) + " : " + b + ")";
    }
    if (function == ScalarFunction.CLAMP) {
      String raised = apply(ScalarFunction.MAXIMUM, from, to, List.of(a, arguments.get(1)));
      return apply(ScalarFunction.MINIMUM, from, to, List.of(raised, b));
    }
    String value =
        from.isFloat() ? ofFloats(function, from, a, b) : ofIntegers(function, from, a, b);
    return function.isPredicate() ? value : ElementCode.rounded(to, value);
  }

  private static String ofFloats(ScalarFunction function, DType dtype, String a, String b) {
    String type = ElementCode.valueType(dtype);
    return switch (function) {
      case NEGATE -> "-" + a;
      case ABSOLUTE -> "fabs(" + a + ")";
      case SIGN -> "sign_" + type + "(" + a + ")";
      case EXP -> "exp(" + a + ")";
      case LOG -> "log(" + a + ")";
      case LOG1P -> "log1p(" + a + ")";
      case EXPM1 -> "expm1(" + a + ")";
      case SQRT -> "sqrt(" + a + ")";
      case RSQRT -> "(1 / sqrt(" + a + "))";
      case SIN -> "sin(" + a + ")";
      case COS -> "cos(" + a + ")";
      case TAN -> "tan(" + a + ")";
      case ASIN -> "asin(" + a + ")";
      case ACOS -> "acos(" + a + ")";
      case ATAN -> "atan(" + a + ")";
      case SINH -> "sinh(" + a + ")";
      case COSH -> "cosh(" + a + ")";
      case TANH -> "tanh(" + a + ")";
      case SIGMOID -> "(1 / (1 + exp(-" + a + ")))";
      case ERF -> "erf(" + a + ")";
      case FLOOR -> "floor(" + a + ")";
      case CEIL -> "ceil(" + a + ")";
      case ROUND -> "rint(" + a + ")";
      case ADD -> "(" + a + " + " + b + ")";
      case SUBTRACT -> "(" + a + " - " + b + ")";
      case MULTIPLY -> "(" + a + " * " + b + ")";
      case DIVIDE -> "(" + a + " / " + b + ")";
      case REMAINDER -> "fmod(" + a + ", " + b + ")";
      case POWER -> "power_" + type + "(" + a + ", " + b + ")";
      case ATAN2 -> "atan2(" + a + ", " + b + ")";
      case MAXIMUM -> "maximum_" + type + "(" + a + ", " + b + ")";
      case MINIMUM -> "minimum_" + type + "(" + a + ", " + b + ")";
      case IS_NAN -> "(" + a + " != " + a + ")";
      case IS_FINITE -> "is_finite_" + type + "(" + a + ")";
      case EQUAL -> "(" + a + " == " + b + ")";
      case NOT_EQUAL -> "(" + a + " != " + b + ")";
      case LESS -> "(" + a + " < " + b + ")";
      case LESS_OR_EQUAL -> "(" + a + " <= " + b + ")";
      case NOT, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL, SELECT, CLAMP, CAST ->
          throw unsuitable(function, dtype);
    };
  }

  private static String ofIntegers(ScalarFunction function, DType dtype, String a, String b) {
    String wide = dtype == DType.I64 ? "long" : "int";
    int width = dtype.sizeBytes() * 8;
    return switch (function) {
      case NEGATE -> wrapping(wide, "-", "0", a);
      case ABSOLUTE -> "(" + a + " < 0 ? " + wrapping(wide, "-", "0", a) + " : " + a + ")";
      case SIGN -> "((" + a + " > 0) - (" + a + " < 0))";
      case NOT -> dtype == DType.BOOL ? "(" + a + " == 0)" : "(~" + a + ")";
      case ADD -> wrapping(wide, "+", a, b);
      case SUBTRACT -> wrapping(wide, "-", a, b);
      case MULTIPLY -> wrapping(wide, "*", a, b);
      case DIVIDE -> "quotient_" + wide + "(" + a + ", " + b + ")";
      case REMAINDER -> "remainder_" + wide + "(" + a + ", " + b + ")";
      case POWER -> "power_long(" + a + ", " + b + ")";
      case MAXIMUM -> "(" + a + " > " + b + " ? " + a + " : " + b + ")";
      case MINIMUM -> "(" + a + " < " + b + " ? " + a + " : " + b + ")";
      case AND -> "(" + a + " & " + b + ")";
      case OR -> "(" + a + " | " + b + ")";
      case XOR -> "(" + a + " ^ " + b + ")";
      case SHIFT_LEFT ->
          shift(a, b, width, "((u" + wide + ")" + a + " << (u" + wide + ")" + b + ")");
      case SHIFT_RIGHT_LOGICAL ->
          shift(a, b, width, "(" + bits(dtype, a) + " >> (u" + wide + ")" + b + ")");
      case EQUAL -> "(" + a + " == " + b + ")";
      case NOT_EQUAL -> "(" + a + " != " + b + ")";
      case LESS -> "(" + a + " < " + b + ")";
      case LESS_OR_EQUAL -> "(" + a + " <= " + b + ")";
      case EXP,
          LOG,
          LOG1P,
          EXPM1,
          SQRT,
          RSQRT,
          SIN,
          COS,
          TAN,
          ASIN,
          ACOS,
          ATAN,
          ATAN2,
          SINH,
          COSH,
          TANH,
          SIGMOID,
          ERF,
          FLOOR,
          CEIL,
          ROUND,
          IS_FINITE,
          IS_NAN,
          SELECT,
          CLAMP,
          CAST ->
          throw unsuitable(function, dtype);
    };
  }

  private static String wrapping(String wide, String operator, String a, String b) {
    return "(" + wide + ")((u" + wide + ")" + a + " " + operator + " (u" + wide + ")" + b + ")";
  }

  private static String shift(String a, String b, int width, String shifted) {
    return "(" + b + " < 0 || " + b + " >= " + width + " ? 0 : " + shifted + ")";
  }

  private static String bits(DType dtype, String a) {
    return switch (dtype) {
      case I64 -> "(ulong)" + a;
      case I32 -> "(uint)" + a;
      case I8, U8, BOOL -> "(uint)(uchar)" + a;
      case F64, F32, BF16, F16 -> throw unsuitable(ScalarFunction.SHIFT_RIGHT_LOGICAL, dtype);
    };
  }

  private static String cast(DType from, DType to, String a) {
    return switch (to) {
      case F64 -> "(double)" + a;
      case F32 -> "(float)" + a;
      case BF16, F16 ->
          ElementCode.rounded(
              to,
              switch (from) {
                case F64 -> "odd_float(" + a + ")";
                case I64, I32 -> "odd_float_of_long(" + a + ")";
                case F32, BF16, F16, I8, U8, BOOL -> "(float)" + a;
              });
      case BOOL -> "(" + a + " != 0)";
      case I64, I32, I8, U8 -> {
        String type = ElementCode.valueType(to);
        yield from.isFloat()
            ? type + "_of_" + ElementCode.valueType(from) + "(" + a + ")"
            : "(" + type + ")" + a;
      }
    };
  }

  private static InternalException unsuitable(ScalarFunction function, DType dtype) {
    return new InternalException(function + " does not take " + dtype);
  }
}
