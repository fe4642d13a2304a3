package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A well-formed loop kernel made from a seed, with operands for it. Its functions are exact, so
 * that every way of running it must give the same bits.
 */
final class RandomLoop {
  private static final long[] SIZES = {0, 1, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 48, 67};
  private static final Set<ScalarFunction> FLOAT =
      EnumSet.of(
          ScalarFunction.NEGATE,
          ScalarFunction.ABSOLUTE,
          ScalarFunction.SIGN,
          ScalarFunction.SQRT,
          ScalarFunction.FLOOR,
          ScalarFunction.ADD,
          ScalarFunction.SUBTRACT,
          ScalarFunction.MULTIPLY,
          ScalarFunction.DIVIDE,
          ScalarFunction.REMAINDER,
          ScalarFunction.MAXIMUM,
          ScalarFunction.MINIMUM,
          ScalarFunction.SELECT);
  private static final Set<ScalarFunction> NARROW =
      EnumSet.of(
          ScalarFunction.NEGATE,
          ScalarFunction.ABSOLUTE,
          ScalarFunction.MULTIPLY,
          ScalarFunction.MAXIMUM,
          ScalarFunction.MINIMUM,
          ScalarFunction.SELECT);
  private static final Set<ScalarFunction> INTEGER =
      EnumSet.of(
          ScalarFunction.NEGATE,
          ScalarFunction.ABSOLUTE,
          ScalarFunction.SIGN,
          ScalarFunction.ADD,
          ScalarFunction.SUBTRACT,
          ScalarFunction.MULTIPLY,
          ScalarFunction.DIVIDE,
          ScalarFunction.REMAINDER,
          ScalarFunction.POWER,
          ScalarFunction.MAXIMUM,
          ScalarFunction.MINIMUM,
          ScalarFunction.AND,
          ScalarFunction.OR,
          ScalarFunction.XOR,
          ScalarFunction.SHIFT_LEFT,
          ScalarFunction.SHIFT_RIGHT_LOGICAL,
          ScalarFunction.SELECT);
  private static final Set<ScalarFunction> LOGICAL =
      EnumSet.of(
          ScalarFunction.NOT,
          ScalarFunction.AND,
          ScalarFunction.OR,
          ScalarFunction.XOR,
          ScalarFunction.EQUAL,
          ScalarFunction.NOT_EQUAL,
          ScalarFunction.SELECT);
  private static final List<ScalarFunction> COMPARISONS =
      List.of(
          ScalarFunction.EQUAL,
          ScalarFunction.NOT_EQUAL,
          ScalarFunction.LESS,
          ScalarFunction.LESS_OR_EQUAL);

  private final Random random;
  private final List<DType> dtypes;
  private final boolean withFolds;
  private final long[] sizes;
  private final int countRows;
  private final List<Access> accesses = new ArrayList<>();
  private final List<HostTensor> inputs = new ArrayList<>();
  private final List<TensorType> outputs = new ArrayList<>();
  private final List<DType> folded = new ArrayList<>();
  private List<Instruction> instructions = new ArrayList<>();
  private boolean isFirstSweep = true;

  /** The kernel; operands are the inputs, then the outputs. */
  final LoopKernel kernel;

  RandomLoop(long seed, List<DType> dtypes) {
    this.random = new Random(seed);
    this.dtypes = dtypes;
    this.withFolds = random.nextInt(3) > 0;
    this.countRows = withFolds ? random.nextInt(3) : 0;
    int rank = countRows + random.nextInt(withFolds ? 3 : 4);
    this.sizes = new long[rank];
    long count = 1;
    for (int axis = 0; axis < rank; axis++) {
      long size = SIZES[random.nextInt(SIZES.length)];
      sizes[axis] = count * Math.max(1, size) > 20_000 ? 1 + random.nextInt(3) : size;
      count *= Math.max(1, sizes[axis]);
    }
    List<Block> sweeps = new ArrayList<>();
    int countSweeps = withFolds ? 1 + random.nextInt(3) : 1;
    for (int sweep = 0; sweep < countSweeps; sweep++) {
      sweeps.add(block(true));
    }
    Block finish = withFolds ? block(false) : Block.EMPTY;
    if (inputs.isEmpty() && outputs.isEmpty()) {
      throw new IllegalStateException("a loop without operands");
    }
    List<Dim> dims = Arrays.stream(sizes).mapToObj(Dim::of).toList();
    kernel =
        new LoopKernel(
            dims.subList(0, countRows),
            dims.subList(countRows, dims.size()),
            numbered(),
            sweeps,
            finish);
  }

  List<HostTensor> inputs() {
    return inputs;
  }

  List<TensorType> outputs() {
    return outputs;
  }

  List<DType> operandTypes() {
    List<DType> types = new ArrayList<>(inputs.stream().map(HostTensor::dtype).toList());
    outputs.forEach(output -> types.add(output.dtype()));
    return types;
  }

  /** Stores name outputs by negative numbers while it is not known how many inputs there are. */
  private List<Access> numbered() {
    return accesses.stream()
        .map(access ->
            access.operand() >= 0
                ? access
                : new Access(
                    inputs.size() - 1 - access.operand(),
                    access.offset(),
                    access.strides(),
                    access.bounds()))
        .toList();
  }

  private Block block(boolean isSweep) {
    instructions = new ArrayList<>();
    int axes = isSweep ? sizes.length : countRows;
    load(axes);
    int more = 2 + random.nextInt(8);
    for (int i = 0; i < more; i++) {
      add(axes);
    }
    List<Block.Fold> folds = new ArrayList<>();
    List<DType> found = new ArrayList<>();
    int countFolds = isSweep && withFolds ? random.nextInt(3) : 0;
    // Without any fold it would be no kernel with rows.
    if (isSweep && withFolds && isFirstSweep) {
      countFolds = Math.max(1, countFolds);
    }
    isFirstSweep = false;
    for (int i = 0; i < countFolds; i++) {
      int value = random.nextInt(instructions.size());
      DType dtype = instructions.get(value).dtype();
      folds.add(new Block.Fold(kind(dtype), value));
      found.add(dtype);
    }
    List<Block.Store> written = new ArrayList<>();
    if (!isSweep || !withFolds || random.nextInt(3) == 0) {
      int count = 1 + random.nextInt(2);
      for (int i = 0; i < count; i++) {
        written.add(store(Math.max(0, instructions.size() - 1 - i), axes));
      }
    }
    folded.addAll(found);
    return new Block(instructions, folds, written);
  }

  private Reduce.Kind kind(DType dtype) {
    if (dtype == DType.BOOL) {
      return random.nextBoolean() ? Reduce.Kind.ANY : Reduce.Kind.ALL;
    }
    boolean inexact = dtype == DType.F16 || dtype == DType.BF16;
    return switch (random.nextInt(inexact ? 2 : 4)) {
      case 0 -> Reduce.Kind.MAX;
      case 1 -> Reduce.Kind.MIN;
      case 2 -> Reduce.Kind.PRODUCT;
      default -> Reduce.Kind.SUM;
    };
  }

  private void add(int axes) {
    switch (random.nextInt(10)) {
      case 0, 1 -> load(axes);
      case 2 -> {
        DType dtype = dtype();
        instructions.add(new Instruction.Literal(element(dtype)));
      }
      case 3 -> {
        if (axes > 0 && numeric()) {
          instructions.add(new Instruction.Index(random.nextInt(axes), number()));
        }
      }
      case 4 -> {
        if (!folded.isEmpty()) {
          int fold = random.nextInt(folded.size());
          instructions.add(new Instruction.Folded(fold, folded.get(fold)));
        }
      }
      case 5 -> {
        if (numeric()) {
          instructions.add(new Instruction.Size(Dim.of(random.nextInt(90)), number()));
        }
      }
      default -> apply();
    }
  }

  private boolean numeric() {
    return dtypes.stream().anyMatch(dtype -> dtype != DType.BOOL);
  }

  private DType number() {
    while (true) {
      DType dtype = dtype();
      if (dtype != DType.BOOL) {
        return dtype;
      }
    }
  }

  private DType dtype() {
    return dtypes.get(random.nextInt(dtypes.size()));
  }

  private void apply() {
    int last = random.nextInt(instructions.size());
    DType dtype = instructions.get(last).dtype();
    if (random.nextInt(4) == 0) {
      instructions.add(new Instruction.Apply(ScalarFunction.CAST, dtype(), List.of(last)));
      return;
    }
    if (dtype != DType.BOOL && dtypes.contains(DType.BOOL) && random.nextInt(4) == 0) {
      ScalarFunction function =
          dtype.isFloat() && random.nextInt(4) == 0
              ? ScalarFunction.IS_FINITE
              : COMPARISONS.get(random.nextInt(COMPARISONS.size()));
      apply(function, DType.BOOL, dtype, last);
      return;
    }
    Set<ScalarFunction> functions =
        switch (dtype) {
          case F64, F32 -> FLOAT;
          case F16, BF16 -> NARROW;
          case I64, I32, I8, U8 -> INTEGER;
          case BOOL -> LOGICAL;
        };
    List<ScalarFunction> choice = List.copyOf(functions);
    apply(choice.get(random.nextInt(choice.size())), dtype, dtype, last);
  }

  private void apply(ScalarFunction function, DType result, DType argument, int last) {
    List<Integer> arguments = new ArrayList<>();
    int arity = function.arity();
    if (arity == 3) {
      int condition = find(DType.BOOL);
      if (condition < 0) {
        return;
      }
      arguments.add(condition);
    }
    if (arity > 1) {
      arguments.add(find(argument));
    }
    arguments.add(last);
    instructions.add(new Instruction.Apply(function, result, arguments));
  }

  private int find(DType dtype) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).dtype() == dtype) {
        found.add(i);
      }
    }
    return found.isEmpty() ? -1 : found.get(random.nextInt(found.size()));
  }

  private void load(int axes) {
    DType dtype = dtype();
    long[] strides = new long[sizes.length];
    List<Integer> order = order(axes);
    long next = 1 + random.nextInt(8) / 7;
    for (int axis : order) {
      if (random.nextInt(4) > 0) {
        strides[axis] = next;
        next *= Math.max(1, sizes[axis]);
      }
    }
    long low = random.nextInt(4);
    List<Access.Bound> bounds = new ArrayList<>();
    if (axes > 0 && random.nextInt(4) == 0) {
      int axis = random.nextInt(axes);
      long[] coefficients = new long[sizes.length];
      coefficients[axis] = random.nextInt(3) == 0 ? -1 : 1 + random.nextInt(4) / 3;
      long offset = random.nextInt(7) - (coefficients[axis] < 0 ? -sizes[axis] : 3);
      bounds.add(new Access.Bound(Dim.of(offset), dims(coefficients), Dim.of(random.nextInt(40))));
    }
    accesses.add(new Access(inputs.size(), Dim.of(low), dims(strides), bounds));
    instructions.add(new Instruction.Load(accesses.size() - 1, dtype, element(dtype)));
    long length = low + 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      length += strides[axis] * Math.max(0, sizes[axis] - 1);
    }
    TensorType type = TensorType.of(dtype, length);
    inputs.add(
        dtype.isFloat()
            ? HostTensor.ofDoubles(type, i -> floatElement())
            : HostTensor.ofLongs(type, i -> integerElement()));
  }

  /** The axes in row-major order, innermost first, or in any order. */
  private List<Integer> order(int axes) {
    List<Integer> order = new ArrayList<>();
    for (int axis = axes - 1; axis >= 0; axis--) {
      order.add(axis);
    }
    if (random.nextInt(3) == 0) {
      Collections.shuffle(order, random);
    }
    return order;
  }

  private Block.Store store(int value, int axes) {
    long[] strides = new long[sizes.length];
    long next = 1;
    for (int axis : order(axes)) {
      strides[axis] = next;
      next *= sizes[axis];
    }
    outputs.add(TensorType.of(instructions.get(value).dtype(), next));
    accesses.add(new Access(-outputs.size(), Dim.ZERO, dims(strides), List.of()));
    return new Block.Store(accesses.size() - 1, value);
  }

  private HostTensor element(DType dtype) {
    return dtype.isFloat()
        ? HostTensor.ofDoubles(TensorType.of(dtype), i -> floatElement())
        : HostTensor.ofLongs(TensorType.of(dtype), i -> integerElement());
  }

  private double floatElement() {
    return switch (random.nextInt(24)) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> -0.0;
      case 4 -> 0;
      case 5 -> 0x1p-140;
      case 6 -> 3e38;
      case 7 -> random.nextInt(7) - 3;
      default -> random.nextGaussian() * 4;
    };
  }

  private long integerElement() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextLong();
      case 1 -> Integer.MIN_VALUE;
      case 2 -> 0;
      default -> random.nextInt(70) - 20;
    };
  }

  private static List<Dim> dims(long[] values) {
    return Arrays.stream(values).mapToObj(Dim::of).toList();
  }

  @Override
  public String toString() {
    return kernel + " over " + inputs.stream().map(HostTensor::type).toList();
  }
}
