package dev.dlm.op;

/**
 * The functions of scalars that element-wise ops apply and that fused loops are made of. This is
 * the one list that every device implements. Reference semantics: floating-point types compute in
 * {@code double} and round once to the element type; integers wrap.
 */
public enum ScalarFunction {
  // One argument, result of the same type.
  NEGATE(1),
  ABSOLUTE(1),
  /** −1, 0 or 1; NaN for NaN. */
  SIGN(1),
  EXP(1),
  LOG(1),
  LOG1P(1),
  EXPM1(1),
  SQRT(1),
  /** {@code 1 / sqrt(x)}. */
  RSQRT(1),
  SIN(1),
  COS(1),
  TAN(1),
  /** Arc sine, within ±π/2. */
  ASIN(1),
  /** Arc cosine, from 0 to π. */
  ACOS(1),
  /** Arc tangent, within ±π/2. */
  ATAN(1),
  SINH(1),
  COSH(1),
  TANH(1),
  /** The logistic function {@code 1 / (1 + exp(-x))}. */
  SIGMOID(1),
  /** The error function. */
  ERF(1),
  FLOOR(1),
  CEIL(1),
  /** The nearest integer, the even one of two that are equally near. */
  ROUND(1),
  /** Logical negation of booleans, complement of the bits of integers. */
  NOT(1),

  // One argument, boolean result.
  IS_FINITE(1),
  IS_NAN(1),

  // Two arguments of one type, result of the same type.
  ADD(2),
  SUBTRACT(2),
  MULTIPLY(2),
  /** Quotient; for integers truncated towards zero, division by zero gives zero. */
  DIVIDE(2),
  /**
   * Remainder with the sign of the dividend; for integers, remainder of a division by zero is zero.
   */
  REMAINDER(2),
  POWER(2),
  /**
   * The angle of the point whose ordinate is the first argument, abscissa the second; within ±π.
   */
  ATAN2(2),
  /** The larger; NaN if either is NaN; 0 is larger than −0. */
  MAXIMUM(2),
  /** The smaller; NaN if either is NaN; −0 is smaller than 0. */
  MINIMUM(2),
  /** Logical and of booleans, bitwise and of integers. */
  AND(2),
  /** Logical or of booleans, bitwise or of integers. */
  OR(2),
  /** Exclusive or of booleans or bits of integers. */
  XOR(2),
  /** Shift of an integer's bits, zeros coming in; a distance outside the width gives zero. */
  SHIFT_LEFT(2),
  SHIFT_RIGHT_LOGICAL(2),

  // Two arguments of one type, boolean result. Comparisons with NaN are false, except NOT_EQUAL.
  EQUAL(2),
  NOT_EQUAL(2),
  LESS(2),
  LESS_OR_EQUAL(2),

  // Three arguments: boolean, then two of one type, which is the result's.
  /** The second argument where the first is true, else the third. */
  SELECT(3),

  // Three arguments of one type, result of the same type.
  /** {@code min(max(a, b), c)}. */
  CLAMP(3),

  // One argument of any type; the result type is given where the function is applied.
  /**
   * Conversion. Float to integer truncates towards zero, saturates, and maps NaN to 0; to boolean
   * is {@code x != 0}; integers wrap; to a narrower float rounds to nearest even.
   */
  CAST(1);

  private final int arity;

  ScalarFunction(int arity) {
    this.arity = arity;
  }

  /** The number of arguments. */
  public int arity() {
    return arity;
  }

  /**
   * What one application counts as, in operations on scalars. Arithmetic, comparisons, choices and
   * conversions count one each, a division and a square root too. For the others it is about what
   * the single-precision approximations of the cpu device take, in round numbers, so that a loop's
   * operations by its time can be held against what a processor can do.
   */
  public int operations() {
    return switch (this) {
      case NEGATE, ABSOLUTE, SIGN, SQRT, FLOOR, CEIL, ROUND, NOT, IS_FINITE, IS_NAN, CAST -> 1;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, MAXIMUM, MINIMUM -> 1;
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL -> 1;
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, SELECT -> 1;
      case RSQRT, CLAMP -> 2;
      case EXP -> 25;
      case LOG, EXPM1, SIGMOID, SIN, COS, ASIN, ACOS, ATAN -> 30;
      case LOG1P, TANH, ATAN2, SINH, COSH -> 40;
      case ERF, TAN, POWER -> 60;
    };
  }

  /** Whether the result is boolean whatever the arguments are. */
  public boolean isPredicate() {
    return switch (this) {
      case IS_FINITE, IS_NAN, EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL -> true;
      case NEGATE,
          ABSOLUTE,
          SIGN,
          EXP,
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
          SINH,
          COSH,
          TANH,
          SIGMOID,
          ERF,
          FLOOR,
          CEIL,
          ROUND,
          NOT ->
          false;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, POWER, ATAN2, MAXIMUM, MINIMUM -> false;
      case AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL, SELECT, CLAMP, CAST -> false;
    };
  }
}
