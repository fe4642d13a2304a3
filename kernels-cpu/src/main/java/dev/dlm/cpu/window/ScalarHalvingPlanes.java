package dev.dlm.cpu.window;

import static dev.dlm.cpu.loop.ElementMemory.loadF32;
import static dev.dlm.cpu.loop.ElementMemory.storeF32;
import static dev.dlm.cpu.loop.ElementMemory.storeI32;

/** {@link HalvingPlanes} a window at a time, with its four elements in registers. */
final class ScalarHalvingPlanes implements HalvingPlanes {

  @Override
  public void sum(WindowShape shape, long x, long y) {
    sum(shape, 0, x, y);
  }

  /** As the method above, for the windows of some rows, the first of which is given. */
  static void sum(WindowShape shape, int firstRow, long x, long y) {
    long rowBytes = 4L * shape.width();
    for (int row = firstRow; row < shape.outputHeight(); row++) {
      long from = x + 2L * row * rowBytes;
      long to = y + 4L * row * shape.outputWidth();
      for (long column = 0; column < shape.outputWidth(); column++) {
        long top = from + 8 * column;
        long bottom = top + rowBytes;
        float sum = 0 + loadF32(top) + loadF32(top + 4) + loadF32(bottom) + loadF32(bottom + 4);
        storeF32(sum, to + 4 * column);
      }
    }
  }

  @Override
  public void extreme(WindowShape shape, float sign, long x, long y) {
    extreme(shape, 0, sign, x, y);
  }

  /** As the method above, for the windows of some rows, the first of which is given. */
  static void extreme(WindowShape shape, int firstRow, float sign, long x, long y) {
    long rowBytes = 4L * shape.width();
    for (int row = firstRow; row < shape.outputHeight(); row++) {
      long from = x + 2L * row * rowBytes;
      long to = y + 4L * row * shape.outputWidth();
      for (long column = 0; column < shape.outputWidth(); column++) {
        long top = from + 8 * column;
        long bottom = top + rowBytes;
        float left = Math.max(sign * loadF32(top), sign * loadF32(bottom));
        float right = Math.max(sign * loadF32(top + 4), sign * loadF32(bottom + 4));
        storeF32(sign * Math.max(left, right), to + 4 * column);
      }
    }
  }

  @Override
  public void scatter(WindowShape shape, float sign, long x, long u, long dx) {
    scatter(shape, 0, sign, x, u, dx);
  }

  /** As the method above, for the windows of some rows, the first of which is given. */
  static void scatter(WindowShape shape, int firstRow, float sign, long x, long u, long dx) {
    long rowBytes = 4L * shape.width();
    for (int row = firstRow; row < shape.outputHeight(); row++) {
      long rowStart = 2L * row * rowBytes;
      long from = u + 4L * row * shape.outputWidth();
      for (long column = 0; column < shape.outputWidth(); column++) {
        long top = rowStart + 8 * column;
        long bottom = top + rowBytes;
        int first = order(sign * loadF32(x + top));
        int second = order(sign * loadF32(x + top + 4));
        int third = order(sign * loadF32(x + bottom));
        int fourth = order(sign * loadF32(x + bottom + 4));
        int rightAbove = isLess(first, second);
        int rightBelow = isLess(third, fourth);
        int above = (first & ~rightAbove) | (second & rightAbove);
        int under = (third & ~rightBelow) | (fourth & rightBelow);
        int below = isLess(above, under);
        // Added to zero, as in the definition: −0 becomes +0.
        int sum = Float.floatToRawIntBits(loadF32(from + 4 * column) + 0f);
        storeI32(sum & ~below & ~rightAbove, dx + top);
        storeI32(sum & ~below & rightAbove, dx + top + 4);
        storeI32(sum & below & ~rightBelow, dx + bottom);
        storeI32(sum & below & rightBelow, dx + bottom + 4);
      }
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
