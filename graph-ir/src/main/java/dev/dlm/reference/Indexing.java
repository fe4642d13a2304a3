package dev.dlm.reference;

/** Row-major positions of elements, for plain reference evaluations. */
public final class Indexing {
  private Indexing() {}

  /** The number of elements. */
  public static int count(long[] sizes) {
    long count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, size);
    }
    return Math.toIntExact(count);
  }

  /** The coordinates of the element at a position. */
  public static long[] coordinates(long[] sizes, int position) {
    long[] coordinates = new long[sizes.length];
    long rest = position;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      coordinates[axis] = rest % sizes[axis];
      rest /= sizes[axis];
    }
    return coordinates;
  }

  /** The position of the element with the given coordinates. */
  public static int position(long[] sizes, long[] coordinates) {
    long position = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      position = position * sizes[axis] + coordinates[axis];
    }
    return Math.toIntExact(position);
  }

  /** Whether all coordinates lie inside. */
  public static boolean inside(long[] sizes, long[] coordinates) {
    for (int axis = 0; axis < sizes.length; axis++) {
      if (coordinates[axis] < 0 || coordinates[axis] >= sizes[axis]) {
        return false;
      }
    }
    return true;
  }
}
