package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cpu.VectorModule;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.reference.ScalarReference;
import dev.dlm.runtime.device.Sizes;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function in every element type, on ordinary and special numbers, against its meaning. */
class ScalarFunctionTest {
  private static final WorkerPool POOL = new WorkerPool(1);
  private static final Set<ScalarFunction> LOGICAL =
      EnumSet.of(
          ScalarFunction.NOT,
          ScalarFunction.AND,
          ScalarFunction.OR,
          ScalarFunction.XOR,
          ScalarFunction.EQUAL,
          ScalarFunction.NOT_EQUAL,
          ScalarFunction.SELECT);
  private static final Set<ScalarFunction> OF_INTEGERS_ALONE =
      EnumSet.of(
          ScalarFunction.NOT,
          ScalarFunction.AND,
          ScalarFunction.OR,
          ScalarFunction.XOR,
          ScalarFunction.SHIFT_LEFT,
          ScalarFunction.SHIFT_RIGHT_LOGICAL);
  private static final Set<ScalarFunction> OF_FLOATS_ALONE =
      EnumSet.of(
          ScalarFunction.EXP,
          ScalarFunction.LOG,
          ScalarFunction.LOG1P,
          ScalarFunction.EXPM1,
          ScalarFunction.SQRT,
          ScalarFunction.RSQRT,
          ScalarFunction.SIN,
          ScalarFunction.COS,
          ScalarFunction.TAN,
          ScalarFunction.ASIN,
          ScalarFunction.ACOS,
          ScalarFunction.ATAN,
          ScalarFunction.SINH,
          ScalarFunction.COSH,
          ScalarFunction.ATAN2,
          ScalarFunction.TANH,
          ScalarFunction.SIGMOID,
          ScalarFunction.ERF,
          ScalarFunction.FLOOR,
          ScalarFunction.CEIL,
          ScalarFunction.ROUND,
          ScalarFunction.IS_NAN,
          ScalarFunction.IS_FINITE);

  private static final double[] FLOATS = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    2.5,
    -2.5,
    3.75,
    17,
    -9,
    1e-3,
    -1e-3,
    0x1p-140,
    -0x1p-140,
    1e30,
    -1e30,
    250,
    -250,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0.1,
    127.5,
    2147483648.0,
    -3e9,
    1.0000001,
    8388609,
    40.25,
    -88.5,
    65537,
    -3
  };

  private static final long[] INTEGERS = {
    0,
    1,
    -1,
    2,
    3,
    -3,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    65,
    100,
    -100,
    127,
    128,
    255,
    -128,
    1000,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    // Just above the middle of two neighbours of f32, and of bf16.
    (1L << 62) + (1L << 38) + 1,
    -(1L << 62) - (1L << 54) - 1,
    (1 << 30) + (1 << 22) + 1,
    10,
    16,
    5,
    6
  };

  /** A function applied to arguments of a type. */
  private record Case(ScalarFunction function, DType from, DType to) {}

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (ScalarFunction function : ScalarFunction.values()) {
      for (DType dtype : DType.values()) {
        if (function == ScalarFunction.CAST) {
          for (DType to : DType.values()) {
            cases.add(new Case(function, dtype, to));
          }
        } else if (takes(function, dtype)) {
          cases.add(new Case(function, dtype, function.isPredicate() ? DType.BOOL : dtype));
        }
      }
    }
    return cases.stream();
  }

  private static boolean takes(ScalarFunction function, DType dtype) {
    if (dtype == DType.BOOL) {
      return LOGICAL.contains(function);
    }
    return dtype.isFloat()
        ? !OF_INTEGERS_ALONE.contains(function)
        : !OF_FLOATS_ALONE.contains(function);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void function_isThatOfTheReference(Case one) {
    List<HostTensor> arguments = arguments(one);
    TensorType result = TensorType.of(one.to(), arguments.get(0).count());
    HostTensor expected = ScalarReference.map(one.function(), arguments, result);

    HostTensor scalar = run(one, arguments, arguments.size(), result, 0);

    for (int i = 0; i < expected.count(); i++) {
      int at = i;
      String text = one + arguments.stream().map(a -> " " + a.doubleAt(at)).toList().toString();
      if (one.to().isFloat()) {
        assertClose(text, one, scalar.doubleAt(i), expected.doubleAt(i));
      } else {
        assertThat(scalar.longAt(i)).as(text).isEqualTo(expected.longAt(i));
      }
    }
    for (int bits : VectorModule.isPresent() ? new int[] {128, 256, 512} : new int[0]) {
      assertThat(run(one, arguments, arguments.size(), result, bits))
          .as("%s bits", bits)
          .isEqualTo(scalar);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MAXIMUM", "MINIMUM", "CLAMP"})
  void functionOfConstants_isThatOfVariables(ScalarFunction function) {
    Case one = new Case(function, DType.F32, DType.F32);
    TensorType type = TensorType.of(DType.F32, FLOATS.length);
    HostTensor first = HostTensor.ofDoubles(type, i -> FLOATS[i]);
    for (double constant : FLOATS) {
      List<HostTensor> arguments = new ArrayList<>(List.of(first));
      while (arguments.size() < function.arity()) {
        arguments.add(HostTensor.filled(type, constant));
      }
      HostTensor expected = run(one, arguments, arguments.size(), type, 0);

      for (int bits : VectorModule.isPresent() ? new int[] {0, 128, 256, 512} : new int[] {0}) {
        assertThat(run(one, arguments, 1, type, bits))
            .as("%s and %s in %s bits", function, constant, bits)
            .isEqualTo(expected);
      }
    }
  }

  /** Three units in the last place, as the functions promise; half precision rounds twice. */
  private static void assertClose(String text, Case one, double actual, double expected) {
    if (Double.isNaN(expected) || Double.isInfinite(expected) || expected == 0) {
      assertThat(Double.compare(actual, expected)).as("%s: %s", text, actual).isZero();
      return;
    }
    double ulp =
        switch (one.to()) {
          case F64 -> Math.ulp(expected);
          case F32 -> Math.ulp((float) expected);
          case F16 -> Math.max(0x1p-24, Math.scalb(1.0, Math.getExponent(expected) - 10));
          default -> Math.max(0x1p-133, Math.scalb(1.0, Math.getExponent(expected) - 7));
        };
    assertThat(Math.abs(actual - expected)).as("%s: %s", text, actual).isLessThan(3 * ulp);
  }

  /** Every number with every other one. */
  private static List<HostTensor> arguments(Case one) {
    int numbers = FLOATS.length;
    int count = numbers * numbers;
    List<HostTensor> arguments = new ArrayList<>();
    for (int i = 0; i < one.function().arity(); i++) {
      boolean isCondition = one.function() == ScalarFunction.SELECT && i == 0;
      DType dtype = isCondition ? DType.BOOL : one.from();
      boolean isLast = i == one.function().arity() - 1;
      TensorType type = TensorType.of(dtype, count);
      arguments.add(
          dtype.isFloat()
              ? HostTensor.ofDoubles(type, j -> FLOATS[isLast ? j % numbers : j / numbers])
              : HostTensor.ofLongs(type, j -> integer(dtype, isLast ? j % numbers : j / numbers)));
    }
    return arguments;
  }

  private static long integer(DType dtype, int index) {
    return dtype == DType.BOOL ? index & 1 : INTEGERS[index];
  }

  /**
   * Runs a loop.
   *
   * @param variables so many of the first arguments are read from memory; the others are constants
   */
  private static HostTensor run(
      Case one, List<HostTensor> arguments, int variables, TensorType result, int vectorBits) {
    int arity = arguments.size();
    List<DType> types = new ArrayList<>(arguments.stream().map(HostTensor::dtype).toList());
    types.add(one.to());
    List<Access> accesses =
        IntStream.rangeClosed(0, arity)
            .mapToObj(i -> new Access(i, Dim.ZERO, List.of(Dim.ONE), List.of()))
            .toList();
    List<Instruction> code = new ArrayList<>();
    for (int i = 0; i < arity; i++) {
      DType dtype = types.get(i);
      code.add(
          i < variables
              ? new Instruction.Load(i, dtype, HostTensor.scalar(dtype, 0))
              : new Instruction.Literal(HostTensor.scalar(dtype, arguments.get(i).doubleAt(0))));
    }
    code.add(
        new Instruction.Apply(
            one.function(), one.to(), IntStream.range(0, arity).boxed().toList()));
    Block block = new Block(code, List.of(), List.of(new Block.Store(arity, arity)));
    LoopKernel kernel =
        new LoopKernel(List.of(), List.of(result.dim(0)), accesses, List.of(block), Block.EMPTY);
    try (Arena arena = Arena.ofConfined()) {
      List<MemorySegment> operands = new ArrayList<>();
      for (HostTensor argument : arguments) {
        MemorySegment memory = arena.allocate(argument.type().sizeBytes().asLong(), 64);
        argument.toMemory(memory);
        operands.add(memory);
      }
      operands.add(arena.allocate(result.sizeBytes().asLong(), 64));
      BoundLoop.bind(
              kernel,
              Sizes.of(Map.of()),
              types,
              operands,
              POOL,
              shape -> BlockCode.of(shape, vectorBits))
          .run();
      return HostTensor.fromMemory(result, operands.get(arity));
    }
  }
}
