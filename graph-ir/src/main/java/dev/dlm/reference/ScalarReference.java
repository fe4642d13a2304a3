package dev.dlm.reference;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import java.util.List;

/**
 * The meaning of every {@link ScalarFunction}: in {@code double} for floating-point arguments, in
 * {@code long} for the others. The caller rounds or wraps results to the element type.
 */
public final class ScalarReference {
  private ScalarReference() {}

  /** Applies a function to corresponding elements of operands of one shape. */
  public static HostTensor map(
      ScalarFunction function, List<HostTensor> operands, TensorType result) {
    HostTensor last = operands.get(operands.size() - 1);
    if (result.dtype().isFloat()) {
      return HostTensor.ofDoubles(
          result, i -> floatElement(function, operands, last, result.dtype(), i));
    }
    boolean floatArguments = last.dtype().isFloat();
    return HostTensor.ofLongs(
        result,
        i -> {
          if (function == ScalarFunction.CAST) {
            return castToInteger(last, i, result.dtype());
          }
          if (function == ScalarFunction.SELECT) {
            return operands.get(operands.get(0).longAt(i) != 0 ? 1 : 2).longAt(i);
          }
          if (function == ScalarFunction.CLAMP) {
            return Math.min(
                Math.max(operands.get(0).longAt(i), operands.get(1).longAt(i)), last.longAt(i));
          }
          if (floatArguments) {
            return predicate(function, operands.get(0).doubleAt(i), last.doubleAt(i)) ? 1 : 0;
          }
          return ofLongs(
              function, operands.get(0).longAt(i), last.longAt(i), operands.get(0).dtype());
        });
  }

  private static double floatElement(
      ScalarFunction function, List<HostTensor> operands, HostTensor last, DType to, int i) {
    return switch (function) {
      case CAST -> last.dtype() == DType.I64 ? exact(last.longAt(i), to) : last.doubleAt(i);
      case SELECT -> operands.get(operands.get(0).longAt(i) != 0 ? 1 : 2).doubleAt(i);
      case CLAMP ->
          Math.min(
              Math.max(operands.get(0).doubleAt(i), operands.get(1).doubleAt(i)), last.doubleAt(i));
      default -> ofDoubles(function, operands.get(0).doubleAt(i), last.doubleAt(i));
    };
  }

  /**
   * A double that rounds to the given type as the integer itself does: for narrower types the bits
   * that do not fit into a double stay as a sticky last bit, so that rounding happens once.
   */
  private static double exact(long value, DType to) {
    int excess = Long.SIZE - Long.numberOfLeadingZeros(Math.abs(value)) - 53;
    if (to == DType.F64 || excess <= 0) {
      return value;
    }
    long magnitude = Math.abs(value);
    long sticky = (magnitude & ((1L << excess) - 1)) != 0 ? 1 : 0;
    return Math.scalb((double) ((magnitude >>> excess) | sticky), excess) * Long.signum(value);
  }

  private static long castToInteger(HostTensor argument, int i, DType to) {
    if (!argument.dtype().isFloat()) {
      return argument.longAt(i);
    }
    double value = argument.doubleAt(i);
    return switch (to) {
      case BOOL -> value != 0 ? 1 : 0;
      case I64 -> (long) value;
      case I32 -> (int) value;
      case I8 -> (long) Math.clamp(Double.isNaN(value) ? 0 : value, -128.0, 127.0);
      case U8 -> (long) Math.clamp(Double.isNaN(value) ? 0 : value, 0.0, 255.0);
      case F64, F32, BF16, F16 ->
          throw new IllegalArgumentException(to + " is a floating-point type");
    };
  }

  /**
   * A function of floating-point arguments with a floating-point result. Functions of one argument
   * ignore {@code b}.
   *
   * @throws IllegalArgumentException if the function has no such form
   */
  public static double ofDoubles(ScalarFunction function, double a, double b) {
    return switch (function) {
      case NEGATE -> -a;
      case ABSOLUTE -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case EXP -> StrictMath.exp(a);
      case LOG -> StrictMath.log(a);
      case LOG1P -> StrictMath.log1p(a);
      case EXPM1 -> StrictMath.expm1(a);
      case SQRT -> Math.sqrt(a);
      case RSQRT -> 1 / Math.sqrt(a);
      case SIN -> StrictMath.sin(a);
      case COS -> StrictMath.cos(a);
      case TAN -> StrictMath.tan(a);
      case ASIN -> StrictMath.asin(a);
      case ACOS -> StrictMath.acos(a);
      case ATAN -> StrictMath.atan(a);
      case SINH -> StrictMath.sinh(a);
      case COSH -> StrictMath.cosh(a);
      case TANH -> StrictMath.tanh(a);
      case SIGMOID -> 1 / (1 + StrictMath.exp(-a));
      case ERF -> ErrorFunction.erf(a);
      case FLOOR -> Math.floor(a);
      case CEIL -> Math.ceil(a);
      case ROUND -> Math.rint(a);
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case REMAINDER -> a % b;
      case POWER -> StrictMath.pow(a, b);
      case ATAN2 -> StrictMath.atan2(a, b);
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case NOT,
          IS_FINITE,
          IS_NAN,
          AND,
          OR,
          XOR,
          SHIFT_LEFT,
          SHIFT_RIGHT_LOGICAL,
          EQUAL,
          NOT_EQUAL,
          LESS,
          LESS_OR_EQUAL,
          SELECT,
          CLAMP,
          CAST ->
          throw new IllegalArgumentException(
              function + " does not map floating-point numbers to floating-point numbers");
    };
  }

  /**
   * A function of floating-point arguments with a boolean result.
   *
   * @throws IllegalArgumentException if the function is no predicate
   */
  public static boolean predicate(ScalarFunction function, double a, double b) {
    return switch (function) {
      case IS_FINITE -> Double.isFinite(a);
      case IS_NAN -> Double.isNaN(a);
      case EQUAL -> a == b;
      case NOT_EQUAL -> a != b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
      default -> throw new IllegalArgumentException(function + " is no predicate");
    };
  }

  /**
   * A function of integer or boolean arguments.
   *
   * @param dtype the arguments' type, which gives the width of shifts
   * @throws IllegalArgumentException if the function has no such form
   */
  public static long ofLongs(ScalarFunction function, long a, long b, DType dtype) {
    return switch (function) {
      case NEGATE -> -a;
      case ABSOLUTE -> Math.abs(a);
      case SIGN -> Long.signum(a);
      case NOT -> dtype == DType.BOOL ? (a == 0 ? 1 : 0) : ~a;
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? 0 : a / b;
      case REMAINDER -> b == 0 ? 0 : a % b;
      case POWER -> power(a, b);
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
      case SHIFT_LEFT -> b < 0 || b >= dtype.sizeBytes() * 8L ? 0 : a << b;
      case SHIFT_RIGHT_LOGICAL ->
          b < 0 || b >= dtype.sizeBytes() * 8L ? 0 : (a & mask(dtype)) >>> b;
      case EQUAL -> a == b ? 1 : 0;
      case NOT_EQUAL -> a != b ? 1 : 0;
      case LESS -> a < b ? 1 : 0;
      case LESS_OR_EQUAL -> a <= b ? 1 : 0;
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
          throw new IllegalArgumentException(function + " is no function of integers");
    };
  }

  private static long mask(DType dtype) {
    return dtype.sizeBytes() == 8 ? -1L : (1L << (dtype.sizeBytes() * 8)) - 1;
  }

  /**
   * Repeated multiplication with wrap-around; a negative exponent gives the truncated reciprocal,
   * and 0 for the base 0.
   */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
    }
    long result = 1;
    long square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
