package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import dev.dlm.op.array.Reduce;
import dev.dlm.plan.LoopKernel;
import java.util.Arrays;
import java.util.List;

/**
 * What happens to folds outside of generated code: lanes start from the identity, are combined with
 * each other, and results of blocks of columns with those of the blocks before, in the order that
 * {@link LoopKernel} lays down. Immutable.
 *
 * @param kinds of each fold
 * @param dtypes the element type of each fold
 */
record FoldArithmetic(List<Reduce.Kind> kinds, List<DType> dtypes) {
  FoldArithmetic {
    kinds = List.copyOf(kinds);
    dtypes = List.copyOf(dtypes);
  }

  /** Sets the first values of a fold to the identity. */
  void reset(FoldArrays arrays, int fold, int length) {
    int from = arrays.offsets[fold];
    Reduce.Kind kind = kinds.get(fold);
    DType dtype = dtypes.get(fold);
    switch (Kind.of(dtype)) {
      case FLOAT -> Arrays.fill(arrays.floats, from, from + length, (float) kind.identity());
      case DOUBLE -> Arrays.fill(arrays.doubles, from, from + length, kind.identity());
      case INT -> Arrays.fill(arrays.ints, from, from + length, (int) kind.integerIdentity(dtype));
      case LONG -> Arrays.fill(arrays.longs, from, from + length, kind.integerIdentity(dtype));
    }
  }

  /** Folds the lanes of {@code rows} rows into the first one. */
  void combineLanes(FoldArrays lanes, int fold, int laneStride, int rows) {
    int base = lanes.offsets[fold];
    if (laneStride == 1 && dtypes.get(fold) == DType.F32) {
      lanes.floats[base] = FoldTree.of(kinds.get(fold), lanes.floats, base);
      return;
    }
    for (int half = LoopKernel.FOLD_LANES / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        int to = base + lane * laneStride;
        combine(fold, lanes, to, lanes, to + half * laneStride, rows);
      }
    }
  }

  /** Takes the folds of a block of columns, as {@link #combineLanes} leaves them. */
  void addBlock(FoldArrays results, FoldArrays lanes, int fold, int rows, boolean isFirst) {
    int to = results.offsets[fold];
    if (isFirst) {
      copy(fold, results, to, lanes, rows);
    } else {
      combine(fold, results, to, lanes, lanes.offsets[fold], rows);
    }
  }

  /** Copies the first values of a fold to another place. */
  void copy(int fold, FoldArrays target, int to, FoldArrays source, int count) {
    int from = source.offsets[fold];
    switch (Kind.of(dtypes.get(fold))) {
      case FLOAT -> System.arraycopy(source.floats, from, target.floats, to, count);
      case DOUBLE -> System.arraycopy(source.doubles, from, target.doubles, to, count);
      case INT -> System.arraycopy(source.ints, from, target.ints, to, count);
      case LONG -> System.arraycopy(source.longs, from, target.longs, to, count);
    }
  }

  /** Combines values of one fold in different places, the left ones staying in place. */
  void combine(int fold, FoldArrays left, int to, FoldArrays right, int from, int count) {
    Reduce.Kind kind = kinds.get(fold);
    DType dtype = dtypes.get(fold);
    switch (Kind.of(dtype)) {
      case FLOAT -> combine(kind, dtype, left.floats, to, right.floats, from, count);
      case DOUBLE -> combine(kind, left.doubles, to, right.doubles, from, count);
      case INT -> combine(kind, dtype, left.ints, to, right.ints, from, count);
      case LONG -> combine(kind, left.longs, to, right.longs, from, count);
    }
  }

  private static void combine(
      Reduce.Kind kind, DType dtype, float[] left, int to, float[] right, int from, int count) {
    switch (kind) {
      case SUM -> {
        for (int i = 0; i < count; i++) {
          left[to + i] += right[from + i];
        }
      }
      case PRODUCT -> {
        for (int i = 0; i < count; i++) {
          left[to + i] *= right[from + i];
        }
      }
      case MAX -> {
        for (int i = 0; i < count; i++) {
          left[to + i] = Math.max(left[to + i], right[from + i]);
        }
      }
      case MIN -> {
        for (int i = 0; i < count; i++) {
          left[to + i] = Math.min(left[to + i], right[from + i]);
        }
      }
      case ANY, ALL -> throw logical(dtype);
    }
    if (dtype != DType.F32) {
      for (int i = 0; i < count; i++) {
        left[to + i] = (float) dtype.round(left[to + i]);
      }
    }
  }

  private static void combine(
      Reduce.Kind kind, double[] left, int to, double[] right, int from, int count) {
    for (int i = 0; i < count; i++) {
      double a = left[to + i];
      double b = right[from + i];
      left[to + i] =
          switch (kind) {
            case SUM -> a + b;
            case PRODUCT -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case ANY, ALL -> throw logical(DType.F64);
          };
    }
  }

  private static void combine(
      Reduce.Kind kind, DType dtype, int[] left, int to, int[] right, int from, int count) {
    for (int i = 0; i < count; i++) {
      int a = left[to + i];
      int b = right[from + i];
      int both =
          switch (kind) {
            case SUM -> a + b;
            case PRODUCT -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case ANY -> a | b;
            case ALL -> a & b;
          };
      left[to + i] = (int) dtype.wrap(both);
    }
  }

  private static void combine(
      Reduce.Kind kind, long[] left, int to, long[] right, int from, int count) {
    for (int i = 0; i < count; i++) {
      long a = left[to + i];
      long b = right[from + i];
      left[to + i] =
          switch (kind) {
            case SUM -> a + b;
            case PRODUCT -> a * b;
            case MAX -> Math.max(a, b);
            case MIN -> Math.min(a, b);
            case ANY, ALL -> throw logical(DType.I64);
          };
    }
  }

  private static IllegalArgumentException logical(DType dtype) {
    return new IllegalArgumentException("a logical fold of " + dtype);
  }
}
