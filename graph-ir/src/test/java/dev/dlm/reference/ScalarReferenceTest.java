package dev.dlm.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScalarReferenceTest {
  private static final DType[] FLOATS = {DType.F64, DType.F32, DType.BF16, DType.F16};

  private static HostTensor scalar(DType dtype, double value) {
    return HostTensor.ofDoubles(TensorType.of(dtype), i -> value);
  }

  private static HostTensor integer(DType dtype, long value) {
    return HostTensor.ofLongs(TensorType.of(dtype), i -> value);
  }

  private static double floating(ScalarFunction function, DType dtype, double... arguments) {
    List<HostTensor> operands = Arrays.stream(arguments).mapToObj(x -> scalar(dtype, x)).toList();
    return ScalarReference.map(function, operands, TensorType.of(dtype)).doubleAt(0);
  }

  private static long whole(ScalarFunction function, DType dtype, long... arguments) {
    List<HostTensor> operands = Arrays.stream(arguments).mapToObj(x -> integer(dtype, x)).toList();
    DType result = function.isPredicate() ? DType.BOOL : dtype;
    return ScalarReference.map(function, operands, TensorType.of(result)).longAt(0);
  }

  /** Values from tables: exact ones, NaN, infinities, zeros of both signs. */
  @ParameterizedTest
  @CsvSource({
    "NEGATE, 0, NaN, -0.0",
    "NEGATE, -Infinity, NaN, Infinity",
    "NEGATE, NaN, NaN, NaN",
    "ABSOLUTE, -0.0, NaN, 0",
    "ABSOLUTE, -Infinity, NaN, Infinity",
    "ABSOLUTE, NaN, NaN, NaN",
    "SIGN, -7, NaN, -1",
    "SIGN, -0.0, NaN, -0.0",
    "SIGN, NaN, NaN, NaN",
    "SIGN, Infinity, NaN, 1",
    "EXP, 0, NaN, 1",
    "EXP, -Infinity, NaN, 0",
    "EXP, Infinity, NaN, Infinity",
    "EXP, NaN, NaN, NaN",
    "EXP, 1, NaN, 2.718281828459045",
    "LOG, 1, NaN, 0",
    "LOG, 0, NaN, -Infinity",
    "LOG, -0.0, NaN, -Infinity",
    "LOG, -1, NaN, NaN",
    "LOG, Infinity, NaN, Infinity",
    "LOG, NaN, NaN, NaN",
    "LOG1P, 0, NaN, 0",
    "LOG1P, -1, NaN, -Infinity",
    "LOG1P, -2, NaN, NaN",
    "LOG1P, -0.0, NaN, -0.0",
    "LOG1P, 1, NaN, 0.6931471805599453",
    "EXPM1, -0.0, NaN, -0.0",
    "EXPM1, -Infinity, NaN, -1",
    "EXPM1, Infinity, NaN, Infinity",
    "EXPM1, 1, NaN, 1.718281828459045",
    "SQRT, 4, NaN, 2",
    "SQRT, -0.0, NaN, -0.0",
    "SQRT, -1, NaN, NaN",
    "SQRT, Infinity, NaN, Infinity",
    "RSQRT, 4, NaN, 0.5",
    "RSQRT, 0, NaN, Infinity",
    "RSQRT, Infinity, NaN, 0",
    "RSQRT, -1, NaN, NaN",
    "SIN, 0, NaN, 0",
    "SIN, -0.0, NaN, -0.0",
    "SIN, Infinity, NaN, NaN",
    "SIN, 1, NaN, 0.8414709848078965",
    "COS, 0, NaN, 1",
    "COS, -Infinity, NaN, NaN",
    "COS, 1, NaN, 0.5403023058681398",
    "TAN, -0.0, NaN, -0.0",
    "TAN, 1, NaN, 1.5574077246549023",
    "TAN, Infinity, NaN, NaN",
    "ASIN, -0.0, NaN, -0.0",
    "ASIN, 1, NaN, 1.5707963267948966",
    "ASIN, -0.5, NaN, -0.5235987755982989",
    "ASIN, 1.5, NaN, NaN",
    "ACOS, 1, NaN, 0",
    "ACOS, -1, NaN, 3.141592653589793",
    "ACOS, 0.5, NaN, 1.0471975511965979",
    "ACOS, -1.5, NaN, NaN",
    "ATAN, -0.0, NaN, -0.0",
    "ATAN, 1, NaN, 0.7853981633974483",
    "ATAN, -Infinity, NaN, -1.5707963267948966",
    "ATAN, NaN, NaN, NaN",
    "SINH, -0.0, NaN, -0.0",
    "SINH, 1, NaN, 1.1752011936438014",
    "SINH, -Infinity, NaN, -Infinity",
    "COSH, 0, NaN, 1",
    "COSH, 1, NaN, 1.543080634815244",
    "COSH, -Infinity, NaN, Infinity",
    "COSH, NaN, NaN, NaN",
    "TANH, 0, NaN, 0",
    "TANH, Infinity, NaN, 1",
    "TANH, -Infinity, NaN, -1",
    "TANH, NaN, NaN, NaN",
    "TANH, 1, NaN, 0.7615941559557649",
    "SIGMOID, 0, NaN, 0.5",
    "SIGMOID, Infinity, NaN, 1",
    "SIGMOID, -Infinity, NaN, 0",
    "SIGMOID, NaN, NaN, NaN",
    "SIGMOID, 1, NaN, 0.7310585786300049",
    "ERF, 0, NaN, 0",
    "ERF, Infinity, NaN, 1",
    "ERF, -Infinity, NaN, -1",
    "ERF, NaN, NaN, NaN",
    "ERF, 1, NaN, 0.8427007929497149",
    "ERF, 3, NaN, 0.9999779095030014",
    "FLOOR, -1.5, NaN, -2",
    "FLOOR, -0.0, NaN, -0.0",
    "FLOOR, Infinity, NaN, Infinity",
    "FLOOR, NaN, NaN, NaN",
    "CEIL, 1.25, NaN, 2",
    "CEIL, -0.5, NaN, -0.0",
    "CEIL, -Infinity, NaN, -Infinity",
    "CEIL, NaN, NaN, NaN",
    "ROUND, 0.5, NaN, 0",
    "ROUND, 1.5, NaN, 2",
    "ROUND, 2.5, NaN, 2",
    "ROUND, -2.75, NaN, -3",
    "ROUND, -0.5, NaN, -0.0",
    "ROUND, NaN, NaN, NaN",
    "ATAN2, 1, 1, 0.7853981633974483",
    "ATAN2, 1, -1, 2.356194490192345",
    "ATAN2, -1, 0, -1.5707963267948966",
    "ATAN2, 0, -0.0, 3.141592653589793",
    "ATAN2, -0.0, 0, -0.0",
    "ATAN2, Infinity, -Infinity, 2.356194490192345",
    "ATAN2, 1, Infinity, 0",
    "ATAN2, NaN, 1, NaN",
    "ADD, Infinity, -Infinity, NaN",
    "ADD, -0.0, -0.0, -0.0",
    "ADD, 1.5, 2, 3.5",
    "SUBTRACT, Infinity, Infinity, NaN",
    "SUBTRACT, 0, 0, 0",
    "SUBTRACT, 1.5, 2, -0.5",
    "MULTIPLY, 0, Infinity, NaN",
    "MULTIPLY, -0.0, 2, -0.0",
    "MULTIPLY, 1.5, 2, 3",
    "DIVIDE, 1, 0, Infinity",
    "DIVIDE, 1, -0.0, -Infinity",
    "DIVIDE, 0, 0, NaN",
    "DIVIDE, 3, 2, 1.5",
    "REMAINDER, -7, 4, -3",
    "REMAINDER, 7, -4, 3",
    "REMAINDER, 1, 0, NaN",
    "REMAINDER, 5, Infinity, 5",
    "REMAINDER, Infinity, 5, NaN",
    "POWER, 2, 3, 8",
    "POWER, NaN, 0, 1",
    "POWER, 0, -1, Infinity",
    "POWER, -8, 0.5, NaN",
    "POWER, 4, 0.5, 2",
    "MAXIMUM, -0.0, 0, 0",
    "MAXIMUM, 0, -0.0, 0",
    "MAXIMUM, NaN, 1, NaN",
    "MAXIMUM, 1, NaN, NaN",
    "MAXIMUM, 1, 2, 2",
    "MINIMUM, -0.0, 0, -0.0",
    "MINIMUM, 0, -0.0, -0.0",
    "MINIMUM, NaN, 1, NaN",
    "MINIMUM, 1, NaN, NaN",
    "MINIMUM, 1, 2, 1",
  })
  void floatingFunctions_haveTheirTabledValues(
      ScalarFunction function, double a, double b, double expected) {
    for (DType dtype : FLOATS) {
      double[] arguments = function.arity() == 1 ? new double[] {a} : new double[] {a, b};
      double found = floating(function, dtype, arguments);
      if (Double.isNaN(expected) || Double.isInfinite(expected) || expected == 0) {
        // As objects: a NaN equals a NaN, and the zeros differ.
        assertThat(Double.valueOf(found)).as(dtype.text()).isEqualTo(Double.valueOf(expected));
      } else {
        double rounded = dtype.round(expected);
        assertThat(found).as(dtype.text()).isCloseTo(rounded, Offset.offset(2 * Math.ulp(rounded)));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NEGATE, I8, -128, 0, -128",
    "NEGATE, U8, 1, 0, 255",
    "NEGATE, I32, 5, 0, -5",
    "ABSOLUTE, I8, -128, 0, -128",
    "ABSOLUTE, I64, -3, 0, 3",
    "SIGN, I32, -9, 0, -1",
    "SIGN, U8, 0, 0, 0",
    "NOT, BOOL, 1, 0, 0",
    "NOT, BOOL, 0, 0, 1",
    "NOT, U8, 5, 0, 250",
    "NOT, I8, 5, 0, -6",
    "NOT, I64, -1, 0, 0",
    "ADD, I32, 2147483647, 1, -2147483648",
    "ADD, U8, 255, 1, 0",
    "SUBTRACT, U8, 0, 1, 255",
    "MULTIPLY, I64, 4611686018427387904, 2, -9223372036854775808",
    "MULTIPLY, I8, 16, 16, 0",
    "DIVIDE, I32, -7, 2, -3",
    "DIVIDE, I32, 7, 0, 0",
    "DIVIDE, I32, -2147483648, -1, -2147483648",
    "DIVIDE, U8, 200, 3, 66",
    "REMAINDER, I32, -7, 2, -1",
    "REMAINDER, I32, 7, 0, 0",
    "POWER, I32, 3, 4, 81",
    "POWER, I32, 2, -1, 0",
    "POWER, I32, -1, -3, -1",
    "POWER, I64, 0, 0, 1",
    "POWER, U8, 2, 8, 0",
    "MAXIMUM, U8, 200, 100, 200",
    "MINIMUM, I8, -56, 100, -56",
    "AND, BOOL, 1, 0, 0",
    "AND, I32, 6, 3, 2",
    "OR, BOOL, 1, 0, 1",
    "OR, I8, -128, 1, -127",
    "XOR, BOOL, 1, 1, 0",
    "XOR, U8, 255, 15, 240",
    "SHIFT_LEFT, I32, 1, 31, -2147483648",
    "SHIFT_LEFT, I32, 1, 32, 0",
    "SHIFT_LEFT, U8, 255, 4, 240",
    "SHIFT_LEFT, I64, 1, -1, 0",
    "SHIFT_RIGHT_LOGICAL, I32, -1, 28, 15",
    "SHIFT_RIGHT_LOGICAL, I8, -1, 4, 15",
    "SHIFT_RIGHT_LOGICAL, I64, -1, 64, 0",
    "SHIFT_RIGHT_LOGICAL, I64, -1, 63, 1",
    "EQUAL, I64, 9007199254740993, 9007199254740992, 0",
    "EQUAL, BOOL, 1, 1, 1",
    "NOT_EQUAL, U8, 255, 255, 0",
    "LESS, U8, 128, 127, 0",
    "LESS, I8, -128, 127, 1",
    "LESS_OR_EQUAL, I32, 3, 3, 1",
  })
  void integerFunctions_wrapAndHaveTheirTabledValues(
      ScalarFunction function, DType dtype, long a, long b, long expected) {
    long[] arguments = function.arity() == 1 ? new long[] {a} : new long[] {a, b};
    assertThat(whole(function, dtype, arguments)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(names = {"EQUAL", "NOT_EQUAL", "LESS", "LESS_OR_EQUAL"})
  void comparisons_withNan_areFalseButForInequality(ScalarFunction function) {
    for (DType dtype : FLOATS) {
      List<HostTensor> operands = List.of(scalar(dtype, Double.NaN), scalar(dtype, Double.NaN));
      assertThat(ScalarReference.map(function, operands, TensorType.of(DType.BOOL)).longAt(0) == 1)
          .isEqualTo(function == ScalarFunction.NOT_EQUAL);
    }
  }

  @Test
  void comparisons_takeTheZerosForEqual() {
    List<HostTensor> zeros = List.of(scalar(DType.F32, -0.0), scalar(DType.F32, 0));
    TensorType bool = TensorType.of(DType.BOOL);
    assertThat(ScalarReference.map(ScalarFunction.EQUAL, zeros, bool).longAt(0)).isEqualTo(1);
    assertThat(ScalarReference.map(ScalarFunction.LESS, zeros, bool).longAt(0)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "NaN, 0", "Infinity, 0", "-Infinity, 0", "-0.0, 1", "4.9e-324, 1"})
  void isFinite_isFalseForNanAndInfinities(double value, long expected) {
    assertThat(
            ScalarReference.map(
                    ScalarFunction.IS_FINITE,
                    List.of(scalar(DType.F64, value)),
                    TensorType.of(DType.BOOL))
                .longAt(0))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "NaN, 1", "Infinity, 0", "-0.0, 0"})
  void isNan_isTrueForNanAlone(double value, long expected) {
    for (DType dtype : FLOATS) {
      List<HostTensor> operand = List.of(scalar(dtype, value));
      TensorType bool = TensorType.of(DType.BOOL);
      assertThat(ScalarReference.map(ScalarFunction.IS_NAN, operand, bool).longAt(0))
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0, 2, 2",
    "-5, 0, 2, 0",
    "1, 0, 2, 1",
    "1, 4, 2, 2",
    "-0.0, 0, 2, 0",
    "NaN, 0, 2, NaN",
    "1, NaN, 2, NaN",
    "1, 0, NaN, NaN",
    "Infinity, -1, Infinity, Infinity",
  })
  void clamp_bringsBetweenTheBoundsTheUpperOneLast(
      double x, double low, double high, double expected) {
    assertThat(Double.valueOf(floating(ScalarFunction.CLAMP, DType.F32, x, low, high)))
        .isEqualTo(Double.valueOf(expected));
    if (Double.isFinite(expected)) {
      assertThat(whole(ScalarFunction.CLAMP, DType.I8, (long) x, (long) low, (long) high))
          .isEqualTo((long) expected);
    }
  }

  @Test
  void select_takesTheSecondWhereTrue() {
    HostTensor condition = HostTensor.ofLongs(TensorType.of(DType.BOOL, 2), i -> i);
    HostTensor a = HostTensor.of(new float[] {1, Float.NaN}, 2);
    HostTensor b = HostTensor.of(new float[] {-0f, 4}, 2);
    assertThat(ScalarReference.map(ScalarFunction.SELECT, List.of(condition, a, b), a.type()))
        .isEqualTo(HostTensor.of(new float[] {-0f, Float.NaN}, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "300, I8, 127",
    "-300, I8, -128",
    "NaN, I8, 0",
    "-1.9, I8, -1",
    "300, U8, 255",
    "-1, U8, 0",
    "NaN, U8, 0",
    "Infinity, I32, 2147483647",
    "-Infinity, I64, -9223372036854775808",
    "NaN, I64, 0",
    "1e30, I32, 2147483647",
    "-2.7, I32, -2",
    "NaN, BOOL, 1",
    "-0.0, BOOL, 0",
    "0.25, BOOL, 1",
  })
  void cast_fromFloat_truncatesAndSaturates(double value, DType to, long expected) {
    assertThat(
            ScalarReference.map(
                    ScalarFunction.CAST, List.of(scalar(DType.F64, value)), TensorType.of(to))
                .longAt(0))
        .isEqualTo(expected);
  }

  @Test
  void cast_ofIntegers_wrapsAndRoundsOnce() {
    assertThat(cast(integer(DType.I64, 0x1_0000_0085L), DType.U8)).isEqualTo(0x85);
    assertThat(cast(integer(DType.U8, 200), DType.I8)).isEqualTo(-56);
    assertThat(cast(integer(DType.I32, -3), DType.BOOL)).isEqualTo(1);
    // Just above the middle of two neighbours of f32; a double cannot hold the last bit.
    long awkward = (1L << 62) + (1L << 38) + 1;
    for (long value : new long[] {awkward, -awkward, Long.MAX_VALUE, Long.MIN_VALUE, 16777217}) {
      assertThat(cast(integer(DType.I64, value), DType.F32)).isEqualTo((double) (float) value);
    }
  }

  private static double cast(HostTensor operand, DType to) {
    return ScalarReference.map(ScalarFunction.CAST, List.of(operand), TensorType.of(to))
        .doubleAt(0);
  }

  @Test
  void everyFunction_hasTabledValues() {
    Set<ScalarFunction> tabled = EnumSet.of(ScalarFunction.SELECT, ScalarFunction.CAST);
    tabled.addAll(
        EnumSet.of(ScalarFunction.IS_FINITE, ScalarFunction.IS_NAN, ScalarFunction.CLAMP));
    for (String method :
        List.of(
            "floatingFunctions_haveTheirTabledValues",
            "integerFunctions_wrapAndHaveTheirTabledValues")) {
      Arrays.stream(ScalarReferenceTest.class.getDeclaredMethods())
          .filter(one -> one.getName().equals(method))
          .flatMap(one -> Arrays.stream(one.getAnnotation(CsvSource.class).value()))
          .map(row -> ScalarFunction.valueOf(row.split(",")[0]))
          .forEach(tabled::add);
    }
    assertThat(new TreeSet<>(tabled)).containsExactly(ScalarFunction.values());
  }
}
