package dev.dlm.cpu.window;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Windows of two by two elements side by side, one window at a time with its four elements in
 * registers. Straight-line scalar code: vector code for it needs so many rearrangements and masks
 * that C2 leaves vectors on the heap.
 */
final class HalvingPlanes {

  private HalvingPlanes() {}

  /** Reduces one plane. */
  static void reduce(
      WindowShape shape, WindowKind kind, MemorySegment x, long from, MemorySegment y, long to) {
    long rowBytes = 4L * shape.width();
    for (int row = 0; row < shape.outputHeight(); row++) {
      long top = from + 2 * row * rowBytes;
      long at = to + 4L * row * shape.outputWidth();
      switch (kind) {
        case SUM -> sumRow(x, top, rowBytes, y, at, shape.outputWidth());
        case MAX -> maxRow(x, top, rowBytes, y, at, shape.outputWidth());
        case MIN -> minRow(x, top, rowBytes, y, at, shape.outputWidth());
      }
    }
  }

  private static void sumRow(
      MemorySegment x, long top, long rowBytes, MemorySegment y, long at, int count) {
    for (int column = 0; column < count; column++) {
      long left = top + 8L * column;
      float sum = 0 + x.get(JAVA_FLOAT_UNALIGNED, left) + x.get(JAVA_FLOAT_UNALIGNED, left + 4);
      sum += x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes);
      sum += x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes + 4);
      y.set(JAVA_FLOAT_UNALIGNED, at + 4L * column, sum);
    }
  }

  private static void maxRow(
      MemorySegment x, long top, long rowBytes, MemorySegment y, long at, int count) {
    for (int column = 0; column < count; column++) {
      long left = top + 8L * column;
      float upper =
          Math.max(x.get(JAVA_FLOAT_UNALIGNED, left), x.get(JAVA_FLOAT_UNALIGNED, left + 4));
      float lower =
          Math.max(
              x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes),
              x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes + 4));
      y.set(JAVA_FLOAT_UNALIGNED, at + 4L * column, Math.max(upper, lower));
    }
  }

  private static void minRow(
      MemorySegment x, long top, long rowBytes, MemorySegment y, long at, int count) {
    for (int column = 0; column < count; column++) {
      long left = top + 8L * column;
      float upper =
          Math.min(x.get(JAVA_FLOAT_UNALIGNED, left), x.get(JAVA_FLOAT_UNALIGNED, left + 4));
      float lower =
          Math.min(
              x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes),
              x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes + 4));
      y.set(JAVA_FLOAT_UNALIGNED, at + 4L * column, Math.min(upper, lower));
    }
  }

  /** Writes one plane of the gradient. */
  static void scatter(
      WindowShape shape,
      WindowKind kind,
      MemorySegment x,
      long from,
      MemorySegment u,
      long uAt,
      MemorySegment dx,
      long to) {
    if (2 * shape.outputHeight() < shape.height() || 2 * shape.outputWidth() < shape.width()) {
      dx.asSlice(to, 4 * shape.inputPlane()).fill((byte) 0);
    }
    // The least element is the greatest of the negated ones.
    float sign = kind == WindowKind.MAX ? 1 : -1;
    long rowBytes = 4L * shape.width();
    for (int row = 0; row < shape.outputHeight(); row++) {
      long top = 2 * row * rowBytes;
      long at = uAt + 4L * row * shape.outputWidth();
      scatterRow(sign, x, from + top, u, at, dx, to + top, rowBytes, shape.outputWidth());
    }
  }

  private static void scatterRow(
      float sign,
      MemorySegment x,
      long from,
      MemorySegment u,
      long uAt,
      MemorySegment dx,
      long to,
      long rowBytes,
      int count) {
    for (int column = 0; column < count; column++) {
      long left = from + 8L * column;
      int first = order(sign * x.get(JAVA_FLOAT_UNALIGNED, left));
      int second = order(sign * x.get(JAVA_FLOAT_UNALIGNED, left + 4));
      int third = order(sign * x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes));
      int fourth = order(sign * x.get(JAVA_FLOAT_UNALIGNED, left + rowBytes + 4));
      int rightAbove = isLess(first, second);
      int rightBelow = isLess(third, fourth);
      int above = (first & ~rightAbove) | (second & rightAbove);
      int under = (third & ~rightBelow) | (fourth & rightBelow);
      int below = isLess(above, under);
      // Added to zero, as in the definition: −0 becomes +0.
      int sum = Float.floatToRawIntBits(u.get(JAVA_FLOAT_UNALIGNED, uAt + 4L * column) + 0f);
      int sumAbove = sum & ~below;
      int sumBelow = sum & below;
      long target = to + 8L * column;
      dx.set(JAVA_INT_UNALIGNED, target, sumAbove & ~rightAbove);
      dx.set(JAVA_INT_UNALIGNED, target + 4, sumAbove & rightAbove);
      dx.set(JAVA_INT_UNALIGNED, target + rowBytes, sumBelow & ~rightBelow);
      dx.set(JAVA_INT_UNALIGNED, target + rowBytes + 4, sumBelow & rightBelow);
    }
  }

  // Which element is selected is close to chance: a branch on it would be mispredicted at every
  // other window.

  /** A number whose order among others is that of the element: zeros are one, NaN the greatest. */
  private static int order(float value) {
    int bits = Float.floatToIntBits(value + 0f);
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }

  /** All bits set if it is so, otherwise none. */
  private static int isLess(int a, int b) {
    return (int) (((long) a - b) >> 63);
  }
}
