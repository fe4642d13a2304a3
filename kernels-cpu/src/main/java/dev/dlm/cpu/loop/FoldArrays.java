package dev.dlm.cpu.loop;

import dev.dlm.ir.DType;
import java.util.List;

/**
 * Values of folds on the heap: one array for each kind of JVM number, and for each fold the place
 * where its values begin in the array of its kind. Fields are read by name from generated classes.
 */
final class FoldArrays {
  final float[] floats;
  final double[] doubles;
  final int[] ints;
  final long[] longs;

  /** For each fold the place of its first value. */
  final int[] offsets;

  /**
   * Arrays of zeros.
   *
   * @param dtypes the type of each fold
   * @param length values of each fold
   */
  FoldArrays(List<DType> dtypes, int length) {
    offsets = new int[dtypes.size()];
    int[] used = new int[Kind.values().length];
    for (int fold = 0; fold < offsets.length; fold++) {
      int kind = Kind.of(dtypes.get(fold)).ordinal();
      offsets[fold] = used[kind];
      used[kind] += length;
    }
    // Vectors may reach up to 15 elements behind the last value.
    floats = new float[padded(used[Kind.FLOAT.ordinal()])];
    doubles = new double[padded(used[Kind.DOUBLE.ordinal()])];
    ints = new int[padded(used[Kind.INT.ordinal()])];
    longs = new long[padded(used[Kind.LONG.ordinal()])];
  }

  private static int padded(int used) {
    return used == 0 ? 0 : used + 16;
  }

  /** Bytes of all arrays. */
  long sizeBytes() {
    return 4L * floats.length + 8L * doubles.length + 4L * ints.length + 8L * longs.length;
  }
}
