package dev.dlm.cpu.window;

/**
 * Windows that move over each of {@code planes} planes of {@code height} × {@code width} elements,
 * all dense and row-major. Window {@code (oy, ox)} shows the elements from {@code (oy * strideY -
 * padTop, ox * strideX - padLeft)} on that lie within the plane. Padding below and to the right
 * follows from the output's size.
 *
 * @throws IllegalArgumentException if a size or padding is negative, or a window or stride is not
 *     positive
 */
public record WindowShape(
    int planes,
    int height,
    int width,
    int windowHeight,
    int windowWidth,
    int strideY,
    int strideX,
    int padTop,
    int padLeft,
    int outputHeight,
    int outputWidth) {

  public WindowShape {
    if (Math.min(planes, Math.min(height, width)) < 0
        || Math.min(outputHeight, outputWidth) < 0
        || Math.min(padTop, padLeft) < 0) {
      throw new IllegalArgumentException("a size or padding is negative");
    }
    if (Math.min(windowHeight, windowWidth) < 1 || Math.min(strideY, strideX) < 1) {
      throw new IllegalArgumentException("windows and strides must be at least 1");
    }
  }

  long inputPlane() {
    return (long) height * width;
  }

  long outputPlane() {
    return (long) outputHeight * outputWidth;
  }

  int top(int outputRow) {
    return Math.max(0, outputRow * strideY - padTop);
  }

  int bottom(int outputRow) {
    return Math.min(height, outputRow * strideY - padTop + windowHeight);
  }

  int left(int outputColumn) {
    return Math.max(0, outputColumn * strideX - padLeft);
  }

  int right(int outputColumn) {
    return Math.min(width, outputColumn * strideX - padLeft + windowWidth);
  }

  /** Whether windows are two by two elements, side by side, and all within the plane. */
  boolean isHalving() {
    return windowHeight == 2
        && windowWidth == 2
        && strideY == 2
        && strideX == 2
        && padTop == 0
        && padLeft == 0
        && 2 * outputHeight <= height
        && 2 * outputWidth <= width;
  }

  /**
   * Some planes one below the other as one, whose windows are theirs: where no row lies between the
   * windows of two.
   */
  WindowShape stacked(int count) {
    return new WindowShape(
        1,
        Math.multiplyExact(count, height),
        width,
        windowHeight,
        windowWidth,
        strideY,
        strideX,
        padTop,
        padLeft,
        Math.multiplyExact(count, outputHeight),
        outputWidth);
  }
}
