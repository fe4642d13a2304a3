package dev.dlm.opencl;

import static dev.dlm.opencl.OpenClTesting.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.EvalContext;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.reference.LoopReference;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loop kernels against their plain meaning. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoopKernelTest {
  private static final Dim N = Dim.symbol("N");
  private static final Dim M = Dim.symbol("M");

  private OpenClDevice device;
  private OpenClDevice notProcessor;

  @BeforeAll
  void open() {
    device = OpenClTesting.open(true);
    notProcessor = OpenClTesting.open(false);
  }

  @AfterAll
  void close() {
    if (device != null) {
      device.close();
    }
    if (notProcessor != null) {
      notProcessor.close();
    }
  }

  /** What a kernel gives for each write, by its plain meaning. */
  private static List<HostTensor> expected(
      Program program, Map<String, Long> symbols, List<HostTensor> reads) {
    LoopKernel kernel = (LoopKernel) program.steps().get(0).kernel();
    Sizes sizes = Sizes.of(symbols);
    try (Arena arena = Arena.ofConfined()) {
      List<MemorySegment> operands = new ArrayList<>();
      List<DType> types = new ArrayList<>();
      for (HostTensor read : reads) {
        operands.add(OpenClTesting.memory(arena, read));
        types.add(read.dtype());
      }
      List<HostTensor> results = new ArrayList<>();
      List<TensorType> resultTypes = new ArrayList<>();
      for (Program.Port port : program.outputs()) {
        TensorType type = port.view().type();
        resultTypes.add(TensorType.of(type.dtype(), sizes.of(type.shape())));
        operands.add(arena.allocate(Math.max(1, sizes.of(type.sizeBytes()))));
        types.add(type.dtype());
      }
      LoopReference.run(kernel, sizes::of, operands, types);
      for (int i = 0; i < resultTypes.size(); i++) {
        results.add(HostTensor.fromMemory(resultTypes.get(i), operands.get(reads.size() + i)));
      }
      return results;
    }
  }

  private static Access dense(int operand, Dim... strides) {
    return new Access(operand, Dim.ZERO, List.of(strides), List.of());
  }

  private static Instruction load(int access, DType dtype) {
    return new Instruction.Load(access, dtype, HostTensor.scalar(dtype, 0));
  }

  private static HostTensor random(DType dtype, long seed, long... sizes) {
    Random random = new Random(seed);
    TensorType type = TensorType.of(dtype, sizes);
    return dtype.isFloat()
        ? HostTensor.ofDoubles(type, i -> random.nextDouble() * 4 - 2)
        : HostTensor.ofLongs(type, i -> random.nextLong());
  }

  /** Every pair of these is an argument of every function. */
  private static List<HostTensor> specials(DType dtype) {
    if (!dtype.isFloat()) {
      long lowest = Reduce.Kind.MAX.integerIdentity(dtype == DType.BOOL ? DType.U8 : dtype);
      long highest = dtype == DType.BOOL ? 1 : Reduce.Kind.MIN.integerIdentity(dtype);
      long[] values =
          dtype == DType.BOOL
              ? new long[] {0, 1}
              : new long[] {
                0,
                1,
                2,
                3,
                -1,
                -2,
                7,
                8,
                31,
                32,
                63,
                64,
                100,
                lowest,
                lowest + 1,
                highest,
                // Just above the middle of two neighbours of bf16, then of f32.
                (1 << 30) + (1 << 22) + 1,
                (1L << 62) + (1L << 54) + 1,
                (1L << 62) + (1L << 38) + 1
              };
      return pairs(values.length, i -> HostTensor.ofLongs(TensorType.of(dtype), j -> values[i]));
    }
    double smallest =
        dtype == DType.F64 ? Double.MIN_NORMAL : dtype == DType.F16 ? 0x1p-14 : 0x1p-126;
    double[] values = {
      0.0,
      -0.0,
      1,
      -1,
      0.5,
      2,
      -3,
      2.5,
      10.25,
      -20.75,
      88,
      1e-3,
      -1e-3,
      127.5,
      -128.5,
      255.5,
      300,
      smallest,
      3e9,
      -3e9,
      1e19,
      -1e19,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN
    };
    return pairs(values.length, i -> HostTensor.ofDoubles(TensorType.of(dtype), j -> values[i]));
  }

  private interface Scalars {
    HostTensor at(int index);
  }

  private static List<HostTensor> pairs(int count, Scalars scalars) {
    HostTensor first = scalars.at(0);
    TensorType type = TensorType.of(first.dtype(), (long) count * count);
    List<HostTensor> pairs = new ArrayList<>();
    for (int divisor : new int[] {count, 1}) {
      pairs.add(
          first.dtype().isFloat()
              ? HostTensor.ofDoubles(type, i -> scalars.at(i / divisor % count).doubleAt(0))
              : HostTensor.ofLongs(type, i -> scalars.at(i / divisor % count).longAt(0)));
    }
    return pairs;
  }

  /** How many units in the last place a function may be off: the limits of OpenCL C 1.2, 7.4. */
  private static double ulps(ScalarFunction function) {
    return switch (function) {
      case EXP, LOG -> 4;
      case LOG1P, EXPM1 -> 4;
      case SQRT, DIVIDE -> 3;
      case RSQRT, SIGMOID -> 6;
      case SIN, COS -> 4;
      case TANH, TAN, ATAN -> 5;
      case ASIN, ACOS, SINH, COSH -> 4;
      case ATAN2 -> 6;
      case ERF, POWER -> 16;
      case NEGATE, ABSOLUTE, SIGN, FLOOR, NOT, IS_FINITE, ADD, SUBTRACT, MULTIPLY, REMAINDER -> 0;
      case MAXIMUM, MINIMUM, AND, OR, XOR, SHIFT_LEFT, SHIFT_RIGHT_LOGICAL -> 0;
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, SELECT, CAST -> 0;
      case CEIL, ROUND, IS_NAN, CLAMP -> 0;
    };
  }

  private static boolean takes(ScalarFunction function, DType dtype) {
    return switch (function) {
      case EXP, LOG, LOG1P, EXPM1, SQRT, RSQRT, SIN, COS, TANH, SIGMOID, ERF, FLOOR, IS_FINITE ->
          dtype.isFloat();
      case TAN, ASIN, ACOS, ATAN, ATAN2, SINH, COSH, CEIL, ROUND, IS_NAN -> dtype.isFloat();
      case NOT, AND, OR, XOR -> !dtype.isFloat();
      case SHIFT_LEFT, SHIFT_RIGHT_LOGICAL -> dtype.isInteger();
      case NEGATE, ABSOLUTE, SIGN, ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, POWER ->
          dtype != DType.BOOL;
      case MAXIMUM, MINIMUM, CLAMP -> dtype != DType.BOOL;
      case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, SELECT, CAST -> true;
    };
  }

  /** One kernel that applies every function of a type, each with a result of its own. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void everyFunction_ofEveryPairOfSpecialValues(DType dtype) {
    List<Instruction> instructions = new ArrayList<>(List.of(load(0, dtype), load(1, dtype)));
    instructions.add(new Instruction.Apply(ScalarFunction.LESS, DType.BOOL, List.of(0, 1)));
    List<Block.Store> stores = new ArrayList<>();
    List<Access> accesses = new ArrayList<>(List.of(dense(0, Dim.ONE), dense(1, Dim.ONE)));
    List<ScalarFunction> functions = new ArrayList<>();
    List<TensorType> writes = new ArrayList<>();
    List<HostTensor> reads = specials(dtype);
    long count = reads.get(0).count();
    for (ScalarFunction function : ScalarFunction.values()) {
      if (!takes(function, dtype)) {
        continue;
      }
      List<DType> results =
          function == ScalarFunction.CAST
              ? List.of(DType.values())
              : List.of(function.isPredicate() ? DType.BOOL : dtype);
      for (DType result : results) {
        List<Integer> arguments =
            switch (function) {
              case SELECT -> List.of(2, 0, 1);
              // The bounds are the second argument and the first function's value.
              case CLAMP -> List.of(0, 1, 3);
              default -> List.of(0, 1).subList(0, function.arity());
            };
        instructions.add(new Instruction.Apply(function, result, arguments));
        accesses.add(dense(accesses.size(), Dim.ONE));
        stores.add(new Block.Store(accesses.size() - 1, instructions.size() - 1));
        writes.add(TensorType.of(result, count));
        functions.add(function);
      }
    }
    LoopKernel kernel =
        new LoopKernel(
            List.of(),
            List.of(Dim.of(count)),
            accesses,
            List.of(new Block(instructions, List.of(), stores)),
            Block.EMPTY);
    Program program =
        OpenClTesting.program(
            kernel, List.of(reads.get(0).type(), reads.get(1).type()), writes, false);
    List<HostTensor> wanted = expected(program, Map.of(), reads);
    List<HostTensor> found = OpenClTesting.run(device, kernel, reads, writes);
    for (int i = 0; i < functions.size(); i++) {
      String what = functions.get(i) + " of " + dtype + " to " + writes.get(i).dtype();
      Set<ScalarFunction> ofAngles =
          EnumSet.of(ScalarFunction.SIN, ScalarFunction.COS, ScalarFunction.TAN);
      // Quotients that are subnormal have units that are not relative to them.
      double least = functions.get(i) == ScalarFunction.ATAN2 ? Double.MIN_NORMAL : 0;
      double scale = ofAngles.contains(functions.get(i)) ? 1 : least;
      assertClose(what, found.get(i), wanted.get(i), ulps(functions.get(i)), scale);
    }
  }

  @Test
  void elements_ofOneAxis() {
    LoopKernel kernel =
        new LoopKernel(
            List.of(),
            List.of(N),
            List.of(dense(0, Dim.ONE), dense(1, Dim.ONE), dense(2, Dim.ONE)),
            List.of(
                new Block(
                    List.of(
                        load(0, DType.F32),
                        load(1, DType.F32),
                        new Instruction.Apply(ScalarFunction.MULTIPLY, DType.F32, List.of(0, 1)),
                        new Instruction.Literal(HostTensor.scalar(DType.F32, 0.1)),
                        new Instruction.Apply(ScalarFunction.ADD, DType.F32, List.of(2, 3))),
                    List.of(),
                    List.of(new Block.Store(2, 4)))),
            Block.EMPTY);
    TensorType type = TensorType.of(DType.F32, N);
    Program program = OpenClTesting.program(kernel, List.of(type, type), List.of(type), false);
    Executable executable = device.prepare(program);
    for (long n : new long[] {0, 1, 7, 64, 257, 65_537, 1_000_003}) {
      List<HostTensor> reads = List.of(random(DType.F32, 1, n), random(DType.F32, 2, n));
      Map<String, Long> sizes = Map.of("N", n);
      HostTensor found = OpenClTesting.run(executable, program, sizes, reads).get(0);
      TensorType sized = TensorType.of(DType.F32, n);
      HostTensor wanted =
          HostTensor.ofDoubles(
              sized,
              i -> (float) (reads.get(0).doubleAt(i) * reads.get(1).doubleAt(i)) + (double) 0.1f);
      assertThat(found).as("n = " + n).isEqualTo(wanted);
    }
    assertThat(device.programs().count()).as("compiled programs").isPositive();
  }

  /**
   * Transposed and shifted accesses with bounds, indices and sizes, in four axes that stay apart.
   */
  @Test
  void elements_throughStridesBoundsIndicesAndSizes() {
    List<Dim> axes = List.of(Dim.of(3), N, Dim.of(5), M);
    Dim five = Dim.of(5);
    Access transposed =
        new Access(
            0, Dim.ZERO, List.of(five.times(N), five, Dim.ONE, Dim.of(15).times(N)), List.of());
    List<Dim> diagonal = List.of(Dim.ZERO, Dim.ONE, Dim.of(-1), Dim.ZERO);
    Access bounded =
        new Access(1, Dim.ONE, diagonal, List.of(new Access.Bound(Dim.ONE, diagonal, N)));
    Access result = dense(2, N.times(five).times(M), five.times(M), M, Dim.ONE);
    Block block =
        new Block(
            List.of(
                load(0, DType.I32),
                new Instruction.Load(1, DType.I32, HostTensor.scalar(DType.I32, -7)),
                new Instruction.Apply(ScalarFunction.ADD, DType.I32, List.of(0, 1)),
                new Instruction.Index(1, DType.I32),
                new Instruction.Apply(ScalarFunction.MULTIPLY, DType.I32, List.of(2, 3)),
                new Instruction.Size(N.times(N).plus(M), DType.I32),
                new Instruction.Apply(ScalarFunction.XOR, DType.I32, List.of(4, 5))),
            List.of(),
            List.of(new Block.Store(2, 6)));
    LoopKernel kernel =
        new LoopKernel(
            List.of(), axes, List.of(transposed, bounded, result), List.of(block), Block.EMPTY);
    Program program =
        OpenClTesting.program(
            kernel,
            List.of(TensorType.of(DType.I32, M, Dim.of(3), N, five), TensorType.of(DType.I32, N)),
            List.of(TensorType.of(DType.I32, Dim.of(3), N, five, M)),
            false);
    Executable executable = device.prepare(program);
    for (long n : new long[] {0, 1, 4, 17}) {
      for (long m : new long[] {1, 13}) {
        Map<String, Long> sizes = Map.of("N", n, "M", m);
        List<HostTensor> reads = List.of(random(DType.I32, 1, m, 3, n, 5), random(DType.I32, 2, n));
        assertThat(OpenClTesting.run(executable, program, sizes, reads))
            .as(sizes.toString())
            .isEqualTo(expected(program, sizes, reads));
      }
    }
  }

  @Test
  void elements_inPlace() {
    LoopKernel kernel =
        new LoopKernel(
            List.of(),
            List.of(N),
            List.of(dense(0, Dim.ONE), dense(1, Dim.ONE)),
            List.of(
                new Block(
                    List.of(
                        load(0, DType.F32),
                        new Instruction.Apply(ScalarFunction.NEGATE, DType.F32, List.of(0))),
                    List.of(),
                    List.of(new Block.Store(1, 1)))),
            Block.EMPTY);
    TensorType type = TensorType.of(DType.F32, N);
    Program program = OpenClTesting.program(kernel, List.of(type), List.of(type), true);
    HostTensor x = random(DType.F32, 1, 1000);
    HostTensor found =
        OpenClTesting.run(device.prepare(program), program, Map.of("N", 1000L), List.of(x)).get(0);
    assertThat(found).isEqualTo(HostTensor.ofDoubles(x.type(), i -> -x.doubleAt(i)));
  }

  private static LoopKernel reduction(Reduce.Kind kind, DType dtype) {
    return new LoopKernel(
        List.of(M),
        List.of(N),
        List.of(dense(0, N, Dim.ONE), dense(1, Dim.ONE, Dim.ZERO)),
        List.of(new Block(List.of(load(0, dtype)), List.of(new Block.Fold(kind, 0)), List.of())),
        new Block(
            List.of(new Instruction.Folded(0, dtype)), List.of(), List.of(new Block.Store(1, 0))));
  }

  private static boolean takes(Reduce.Kind kind, DType dtype) {
    return (kind == Reduce.Kind.ANY || kind == Reduce.Kind.ALL) == (dtype == DType.BOOL);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void folds_ofEveryKind(DType dtype) {
    for (Reduce.Kind kind : Reduce.Kind.values()) {
      if (!takes(kind, dtype)) {
        continue;
      }
      TensorType x = TensorType.of(dtype, M, N);
      TensorType y = TensorType.of(dtype, M);
      Program program =
          OpenClTesting.program(reduction(kind, dtype), List.of(x), List.of(y), false);
      for (OpenClDevice one : List.of(device, notProcessor)) {
        Executable executable = one.prepare(program);
        for (long n : new long[] {0, 1, 17, 127, 2503}) {
          Map<String, Long> sizes = Map.of("M", 3L, "N", n);
          List<HostTensor> reads = List.of(factors(kind, random(dtype, n, 3, n)));
          HostTensor found = OpenClTesting.run(executable, program, sizes, reads).get(0);
          HostTensor wanted = exact(kind, reads.get(0));
          // Sums of n numbers within ±2: the partial sums stay within 4 √n or so.
          boolean rounds = kind == Reduce.Kind.SUM || kind == Reduce.Kind.PRODUCT;
          double ulps = rounds && dtype.isFloat() ? 4 : 0;
          assertClose(kind + " " + reads.get(0).type(), found, wanted, ulps, 4 * Math.sqrt(n) + 1);
        }
      }
    }
  }

  /** What is multiplied lies near 1, so that thousands of factors neither vanish nor overflow. */
  private static HostTensor factors(Reduce.Kind kind, HostTensor x) {
    return kind == Reduce.Kind.PRODUCT && x.dtype().isFloat()
        ? HostTensor.ofDoubles(x.type(), i -> 1 + x.doubleAt(i) / 100)
        : x;
  }

  private static HostTensor exact(Reduce.Kind kind, HostTensor x) {
    Reduce op = new Reduce(kind, List.of(1));
    return op.evaluate(new EvalContext(List.of(x), List.of(TensorType.of(x.dtype(), x.sizes()[0]))))
        .get(0);
  }

  @Test
  void folds_ofNotANumberAndZeros() {
    HostTensor x =
        HostTensor.of(
            new float[] {
              -0f, 0f, -0f, Float.NaN, 1f, 2f, Float.NEGATIVE_INFINITY, 5f, 1f, -0f, -0f, -0f
            },
            4,
            3);
    for (Reduce.Kind kind : List.of(Reduce.Kind.MAX, Reduce.Kind.MIN, Reduce.Kind.SUM)) {
      Program program =
          OpenClTesting.program(
              reduction(kind, DType.F32),
              List.of(TensorType.of(DType.F32, M, N)),
              List.of(TensorType.of(DType.F32, M)),
              false);
      Map<String, Long> sizes = Map.of("M", 4L, "N", 3L);
      HostTensor found =
          OpenClTesting.run(device.prepare(program), program, sizes, List.of(x)).get(0);
      assertThat(found).as(kind.toString()).isEqualTo(exact(kind, x));
    }
  }

  /** Softmax: a maximum, then a sum of what depends on it, then a store that depends on both. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sweeps_oneAfterTheOther(boolean processor) {
    DType f32 = DType.F32;
    Block maximum =
        new Block(List.of(load(0, f32)), List.of(new Block.Fold(Reduce.Kind.MAX, 0)), List.of());
    List<Instruction> exponential =
        List.of(
            load(0, f32),
            new Instruction.Folded(0, f32),
            new Instruction.Apply(ScalarFunction.SUBTRACT, f32, List.of(0, 1)),
            new Instruction.Apply(ScalarFunction.EXP, f32, List.of(2)));
    Block sum =
        new Block(
            exponential,
            List.of(new Block.Fold(Reduce.Kind.SUM, 3)),
            List.of(new Block.Store(1, 3)));
    Block quotient =
        new Block(
            List.of(
                load(1, f32),
                new Instruction.Folded(1, f32),
                new Instruction.Apply(ScalarFunction.DIVIDE, f32, List.of(0, 1))),
            List.of(),
            List.of(new Block.Store(1, 2)));
    Block finish =
        new Block(
            List.of(new Instruction.Folded(1, f32)), List.of(), List.of(new Block.Store(2, 0)));
    LoopKernel kernel =
        new LoopKernel(
            List.of(M),
            List.of(N),
            List.of(dense(0, N, Dim.ONE), dense(1, N, Dim.ONE), dense(2, Dim.ONE, Dim.ZERO)),
            List.of(maximum, sum, quotient),
            finish);
    TensorType x = TensorType.of(f32, M, N);
    Program program =
        OpenClTesting.program(kernel, List.of(x), List.of(x, TensorType.of(f32, M)), false);
    Executable executable = (processor ? device : notProcessor).prepare(program);
    for (long n : new long[] {1, 10, 63, 1500}) {
      Map<String, Long> sizes = Map.of("M", 5L, "N", n);
      List<HostTensor> reads = List.of(random(f32, n, 5, n));
      List<HostTensor> wanted = expected(program, sizes, reads);
      List<HostTensor> found = OpenClTesting.run(executable, program, sizes, reads);
      assertClose("softmax of " + n, found.get(0), wanted.get(0), 32, 0);
      assertClose("sum of " + n, found.get(1), wanted.get(1), 32, 0);
    }
  }
}
