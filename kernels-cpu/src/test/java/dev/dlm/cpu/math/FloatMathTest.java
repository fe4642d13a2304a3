package dev.dlm.cpu.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.dlm.op.ScalarFunction;
import dev.dlm.reference.ScalarReference;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The functions against the reference over all of {@code f32}, and vectors against scalars. */
class FloatMathTest {
  /** A prime, so that the sweep meets all kinds of mantissas and all exponents. */
  private static final long STEP = 3001;

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    88.72284f,
    88.7229f,
    -87.4f,
    -103.97208f,
    -103.98f,
    65536f,
    65537f,
    3.9999998f,
    0.5f,
    0.50000006f,
    -0.99999994f,
    1.0000001f,
    1.5707964f,
    89.41598f,
    89.41599f,
    -89.5f,
    16777216f
  };

  private enum Function {
    EXP(ScalarFunction.EXP, 1.5),
    LOG(ScalarFunction.LOG, 1.5),
    LOG1P(ScalarFunction.LOG1P, 3),
    EXPM1(ScalarFunction.EXPM1, 3),
    SIN(ScalarFunction.SIN, 2),
    COS(ScalarFunction.COS, 2),
    TAN(ScalarFunction.TAN, 3),
    ASIN(ScalarFunction.ASIN, 3),
    ACOS(ScalarFunction.ACOS, 3),
    ATAN(ScalarFunction.ATAN, 3),
    SINH(ScalarFunction.SINH, 3),
    COSH(ScalarFunction.COSH, 3),
    TANH(ScalarFunction.TANH, 3),
    SIGMOID(ScalarFunction.SIGMOID, 3),
    ERF(ScalarFunction.ERF, 3);

    private final ScalarFunction reference;
    private final double limitUlps;

    Function(ScalarFunction reference, double limitUlps) {
      this.reference = reference;
      this.limitUlps = limitUlps;
    }

    float scalar(float x) {
      return switch (this) {
        case EXP -> FloatMath.exp(x);
        case LOG -> FloatMath.log(x);
        case LOG1P -> FloatMath.log1p(x);
        case EXPM1 -> FloatMath.expm1(x);
        case SIN -> FloatMath.sin(x);
        case COS -> FloatMath.cos(x);
        case TAN -> FloatTrigonometry.tan(x);
        case ASIN -> FloatTrigonometry.asin(x);
        case ACOS -> FloatTrigonometry.acos(x);
        case ATAN -> FloatTrigonometry.atan(x);
        case SINH -> FloatTrigonometry.sinh(x);
        case COSH -> FloatTrigonometry.cosh(x);
        case TANH -> FloatMath.tanh(x);
        case SIGMOID -> FloatMath.sigmoid(x);
        case ERF -> FloatMath.erf(x);
      };
    }

    FloatVector vector(FloatVector x) {
      return switch (this) {
        case EXP -> FloatVectorMath.exp(x);
        case LOG -> FloatVectorMath.log(x);
        case LOG1P -> FloatVectorMath.log1p(x);
        case EXPM1 -> FloatVectorMath.expm1(x);
        case SIN -> FloatVectorMath.sin(x);
        case COS -> FloatVectorMath.cos(x);
        case TAN -> FloatVectorTrigonometry.tan(x);
        case ASIN -> FloatVectorTrigonometry.asin(x);
        case ACOS -> FloatVectorTrigonometry.acos(x);
        case ATAN -> FloatVectorTrigonometry.atan(x);
        case SINH -> FloatVectorTrigonometry.sinh(x);
        case COSH -> FloatVectorTrigonometry.cosh(x);
        case TANH -> FloatVectorMath.tanh(x);
        case SIGMOID -> FloatVectorMath.sigmoid(x);
        case ERF -> FloatVectorMath.erf(x);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void function_isAsCloseToTheReferenceAsItSays(Function function) {
    double worst = 0;
    float worstAt = 0;
    // The reference of the error function is slow.
    long step = function == Function.ERF ? 40 * STEP : STEP;
    for (long bits = 0; bits < 1L << 32; bits += step) {
      float x = Float.intBitsToFloat((int) bits);
      double error = errorUlps(function, x);
      if (error > worst) {
        worst = error;
        worstAt = x;
      }
    }
    assertThat(worst).as("ulps of %s, at %s", function, worstAt).isLessThan(function.limitUlps);
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void function_ofSpecialNumbers_isThatOfTheReference(Function function) {
    for (float x : SPECIAL) {
      assertThat(errorUlps(function, x)).as("%s(%s)", function, x).isLessThan(3);
      float expected = (float) ScalarReference.ofDoubles(function.reference, x, 0);
      float actual = function.scalar(x);
      if (expected == 0) {
        assertThat(actual).as("%s(%s)", function, x).isEqualTo(expected);
      }
    }
  }

  @Test
  void atan2_isAsCloseToTheReferenceAsItSays() {
    Random random = new Random(5);
    double worst = 0;
    for (int i = 0; i < 2_000_000; i++) {
      float y = Float.intBitsToFloat(random.nextInt());
      // Of unrelated bits one number is mostly far greater than the other.
      float x = i % 2 == 0 ? Float.intBitsToFloat(random.nextInt()) : y * random.nextFloat(-2, 2);
      double expected = StrictMath.atan2(y, x);
      float actual = FloatTrigonometry.atan2(y, x);
      if (Double.isNaN(expected)) {
        assertThat(actual).isNaN();
      } else {
        worst = Math.max(worst, Math.abs(actual - expected) / Math.ulp((float) expected));
      }
    }
    assertThat(worst).isLessThan(3);
  }

  private static double errorUlps(Function function, float x) {
    double expected = ScalarReference.ofDoubles(function.reference, x, 0);
    float actual = function.scalar(x);
    float rounded = (float) expected;
    if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
      return Float.compare(actual, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(actual - expected) / Math.ulp(rounded);
  }

  static Stream<VectorSpecies<Float>> widths() {
    return Stream.of(FloatVector.SPECIES_128, FloatVector.SPECIES_256, FloatVector.SPECIES_512);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void vectors_haveTheBitsOfScalars(VectorSpecies<Float> species) {
    float[] arguments = arguments(species);
    float[] results = new float[arguments.length];
    for (Function function : Function.values()) {
      for (int i = 0; i < arguments.length; i += species.length()) {
        function.vector(FloatVector.fromArray(species, arguments, i)).intoArray(results, i);
      }
      for (int i = 0; i < arguments.length; i++) {
        assertThat(Float.floatToIntBits(results[i]))
            .as("%s(%s)", function, arguments[i])
            .isEqualTo(Float.floatToIntBits(function.scalar(arguments[i])));
      }
    }
  }

  @Test
  void expOfNonPositive_hasTheBitsOfExp() {
    for (long bits = 1L << 31; bits < 1L << 32; bits += 501) {
      assertThatExpIsTheSame(Float.intBitsToFloat((int) bits));
    }
    for (float x : SPECIAL) {
      assertThatExpIsTheSame(-Math.abs(x));
    }
  }

  private static void assertThatExpIsTheSame(float x) {
    int expected = Float.floatToIntBits(FloatMath.exp(x));
    if (Float.floatToIntBits(FloatMath.expOfNonPositive(x)) != expected) {
      fail("of " + x);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void expOfNonPositive_ofVectors_hasTheBitsOfScalars(VectorSpecies<Float> species) {
    float[] arguments = arguments(species);
    float[] results = new float[arguments.length];
    for (int i = 0; i < arguments.length; i += species.length()) {
      FloatVector x = FloatVector.fromArray(species, arguments, i).abs().neg();
      FloatVectorMath.expOfNonPositive(x).intoArray(results, i);
    }
    for (int i = 0; i < arguments.length; i++) {
      assertThat(Float.floatToIntBits(results[i]))
          .as("%s", -Math.abs(arguments[i]))
          .isEqualTo(Float.floatToIntBits(FloatMath.exp(-Math.abs(arguments[i]))));
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void orderedIntegers_haveTheOrderOfMax(VectorSpecies<Float> species) {
    float[] numbers = Arrays.copyOf(SPECIAL, SPECIAL.length + 1);
    numbers[SPECIAL.length] = Float.intBitsToFloat(0xffc00001);
    float[] results = new float[species.length()];
    for (float a : numbers) {
      IntVector ordered = FloatVectorMath.ordered(FloatVector.broadcast(species, a));
      FloatVectorMath.fromOrdered(ordered).intoArray(results, 0);
      assertThat(Float.floatToRawIntBits(results[0])).isEqualTo(Float.floatToRawIntBits(a));
      for (float b : numbers) {
        IntVector most = ordered.max(FloatVectorMath.ordered(FloatVector.broadcast(species, b)));
        FloatVectorMath.fromOrdered(most).intoArray(results, 0);
        assertThat(results).as("of %s and %s", a, b).containsOnly(Math.max(a, b));
      }
    }
  }

  /** A coarse sweep, then the special numbers, as many as fill vectors. */
  private static float[] arguments(VectorSpecies<Float> species) {
    int swept = 40_000;
    int count = (swept + SPECIAL.length + species.length() - 1) & -species.length();
    float[] arguments = new float[count];
    for (int i = 0; i < count; i++) {
      arguments[i] = i < SPECIAL.length ? SPECIAL[i] : Float.intBitsToFloat((int) (i * 107_377L));
    }
    return arguments;
  }
}
