package dev.dlm.cpu.loop;

import dev.dlm.cpu.loop.BlockShape.AccessShape;
import dev.dlm.cpu.loop.BlockShape.FoldShape;
import dev.dlm.cpu.loop.BlockShape.Step;
import dev.dlm.cpu.loop.BlockShape.StoreShape;
import dev.dlm.ir.DType;
import dev.dlm.op.ScalarFunction;
import dev.dlm.plan.LoopKernel;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How a block's shape is worked on in vectors: with lanes of 32 bits, {@code f32} and {@code i32},
 * or of 64 bits, {@code f64} and {@code i64}; booleans are masks in both.
 *
 * @param booleans the type of lanes that masks are made for where nothing else says so
 * @param foldsAlong whether folds go along the innermost loop
 */
record VectorForm(LaneType booleans, boolean foldsAlong) {
  private static final Set<ScalarFunction> FLOAT_FUNCTIONS =
      EnumSet.of(
          ScalarFunction.NEGATE,
          ScalarFunction.ABSOLUTE,
          ScalarFunction.SIGN,
          ScalarFunction.SQRT,
          ScalarFunction.RSQRT,
          ScalarFunction.FLOOR,
          ScalarFunction.CEIL,
          ScalarFunction.ROUND,
          ScalarFunction.IS_FINITE,
          ScalarFunction.IS_NAN,
          ScalarFunction.ADD,
          ScalarFunction.SUBTRACT,
          ScalarFunction.MULTIPLY,
          ScalarFunction.DIVIDE,
          ScalarFunction.MAXIMUM,
          ScalarFunction.MINIMUM,
          ScalarFunction.EQUAL,
          ScalarFunction.NOT_EQUAL,
          ScalarFunction.LESS,
          ScalarFunction.LESS_OR_EQUAL,
          ScalarFunction.CLAMP,
          ScalarFunction.SELECT);
  private static final Set<ScalarFunction> TRANSCENDENTAL_FUNCTIONS =
      EnumSet.of(
          ScalarFunction.EXP,
          ScalarFunction.LOG,
          ScalarFunction.LOG1P,
          ScalarFunction.EXPM1,
          ScalarFunction.SIN,
          ScalarFunction.COS,
          ScalarFunction.TAN,
          ScalarFunction.ASIN,
          ScalarFunction.ACOS,
          ScalarFunction.ATAN,
          ScalarFunction.ATAN2,
          ScalarFunction.SINH,
          ScalarFunction.COSH,
          ScalarFunction.TANH,
          ScalarFunction.SIGMOID,
          ScalarFunction.ERF);
  private static final Set<ScalarFunction> INTEGER_FUNCTIONS =
      EnumSet.of(
          ScalarFunction.NEGATE,
          ScalarFunction.ABSOLUTE,
          ScalarFunction.SIGN,
          ScalarFunction.ADD,
          ScalarFunction.SUBTRACT,
          ScalarFunction.MULTIPLY,
          ScalarFunction.MAXIMUM,
          ScalarFunction.MINIMUM,
          ScalarFunction.CLAMP,
          ScalarFunction.NOT,
          ScalarFunction.AND,
          ScalarFunction.OR,
          ScalarFunction.XOR,
          ScalarFunction.SHIFT_LEFT,
          ScalarFunction.SHIFT_RIGHT_LOGICAL,
          ScalarFunction.EQUAL,
          ScalarFunction.NOT_EQUAL,
          ScalarFunction.LESS,
          ScalarFunction.LESS_OR_EQUAL,
          ScalarFunction.SELECT);
  private static final Set<ScalarFunction> MASK_FUNCTIONS =
      EnumSet.of(
          ScalarFunction.NOT,
          ScalarFunction.AND,
          ScalarFunction.OR,
          ScalarFunction.XOR,
          ScalarFunction.EQUAL,
          ScalarFunction.NOT_EQUAL,
          ScalarFunction.SELECT);

  /** The form of a shape; empty where scalar code is the better or the only way. */
  static Optional<VectorForm> of(BlockShape shape) {
    if (!hasNeighbours(shape) && !isCostly(shape)) {
      return Optional.empty();
    }
    boolean foldsAlong = shape.mode().foldsAlong() && !shape.folds().isEmpty();
    if (fits(shape, DType.F32, DType.I32)) {
      return Optional.of(new VectorForm(LaneType.F32, foldsAlong));
    }
    return fits(shape, DType.F64, DType.I64)
        ? Optional.of(new VectorForm(LaneType.F64, foldsAlong))
        : Optional.empty();
  }

  /** Lanes of one vector. */
  int lanes(int vectorBits) {
    return vectorBits / 8 / booleans.dtype().sizeBytes();
  }

  /** Iterations that are done at once. */
  int step(int vectorBits) {
    return foldsAlong ? LoopKernel.FOLD_LANES : lanes(vectorBits);
  }

  /** Whether any access goes to neighbours: moving single lanes in and out of vectors is slow. */
  private static boolean hasNeighbours(BlockShape shape) {
    return shape.accesses().stream().anyMatch(access -> access.step() == Step.NEXT);
  }

  /** Whether there is a function to compute that takes longer than moving single lanes. */
  private static boolean isCostly(BlockShape shape) {
    boolean[] varying = shape.varying();
    for (int i = 0; i < varying.length; i++) {
      if (varying[i]
          && shape.operations().get(i) instanceof Operation.Apply apply
          && isCostly(apply.function())) {
        return true;
      }
    }
    return false;
  }

  /** Whether a function takes many times as long as an addition. */
  static boolean isCostly(ScalarFunction function) {
    return TRANSCENDENTAL_FUNCTIONS.contains(function);
  }

  private static boolean fits(BlockShape shape, DType floats, DType integers) {
    Set<DType> lanes = EnumSet.of(floats, integers);
    boolean[] varying = shape.varying();
    for (int i = 0; i < varying.length; i++) {
      Operation operation = shape.operations().get(i);
      DType dtype = operation.dtype();
      if (varying[i] && !(lanes.contains(dtype) || dtype == DType.BOOL)) {
        return false;
      }
      if (varying[i] && !fits(shape, operation, floats, lanes)) {
        return false;
      }
    }
    for (FoldShape fold : shape.folds()) {
      if (!lanes.contains(shape.operations().get(fold.value()).dtype())) {
        return false;
      }
    }
    for (StoreShape store : shape.stores()) {
      AccessShape access = shape.accesses().get(store.access());
      if (access.step() == Step.FIXED || !isLaneOrMask(access.dtype(), lanes)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLaneOrMask(DType dtype, Set<DType> lanes) {
    return lanes.contains(dtype) || dtype == DType.BOOL;
  }

  private static boolean fits(
      BlockShape shape, Operation operation, DType floats, Set<DType> lanes) {
    return switch (operation) {
      case Operation.Load _, Operation.Literal _, Operation.Parameter _ -> true;
      case Operation.Index index -> lanes.contains(index.dtype());
      case Operation.Folded folded -> lanes.contains(folded.dtype());
      case Operation.Apply apply -> {
        int last = apply.arguments().get(apply.arguments().size() - 1);
        DType from = shape.operations().get(last).dtype();
        yield isLaneOrMask(from, lanes) && isSupported(apply.function(), from, floats);
      }
    };
  }

  private static boolean isSupported(ScalarFunction function, DType from, DType floats) {
    if (function == ScalarFunction.CAST) {
      return true;
    }
    if (from == DType.BOOL) {
      return MASK_FUNCTIONS.contains(function);
    }
    if (from != floats) {
      return INTEGER_FUNCTIONS.contains(function);
    }
    return FLOAT_FUNCTIONS.contains(function)
        || (floats == DType.F32 && TRANSCENDENTAL_FUNCTIONS.contains(function));
  }
}
