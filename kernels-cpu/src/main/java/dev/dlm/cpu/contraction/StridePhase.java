package dev.dlm.cpu.contraction;

import java.util.ArrayList;
import java.util.List;

/**
 * One part of the gradient of a convolution's input: with stride {@code (sy, sx)}, the pixels whose
 * row is {@code rowStart} modulo {@code sy} and whose column is {@code columnStart} modulo {@code
 * sx}. They meet every {@code tapStepY}-th row and {@code tapStepX}-th column of the kernel alone,
 * and what they meet of the output's gradient lies side by side, so that they are the result of a
 * convolution of stride 1.
 *
 * @param window how the output's gradient is read; without taps the pixels are zero
 */
record StridePhase(
    int rowStart,
    int columnStart,
    int tapStartY,
    int tapStartX,
    int tapStepY,
    int tapStepX,
    ImageWindow window) {

  /** One axis of a phase. */
  private record Axis(int start, int count, int tapStart, int tapStep, int taps, int pad, int gap) {

    static Axis of(int start, int size, int stride, int pad, int kernel, int dilation) {
      int divisor = greatestCommonDivisor(stride, dilation);
      int step = stride / divisor;
      int first = 0;
      while (first < step && (start + pad - first * dilation) % stride != 0) {
        first++;
      }
      int taps = first < Math.min(step, kernel) ? Math.ceilDiv(kernel - first, step) : 0;
      int gap = dilation / divisor;
      int meets = taps == 0 ? 0 : (start + pad - first * dilation) / stride;
      int count = Math.max(0, Math.ceilDiv(size - start, stride));
      return new Axis(start, count, first, step, taps, (taps - 1) * gap - meets, gap);
    }

    private static int greatestCommonDivisor(int a, int b) {
      return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
  }

  /** All phases, row-major. With stride 1 there is one. */
  static List<StridePhase> of(ConvolutionShape s) {
    List<StridePhase> phases = new ArrayList<>();
    for (int row = 0; row < s.strideY(); row++) {
      Axis y =
          Axis.of(row, s.inputHeight(), s.strideY(), s.padTop(), s.kernelHeight(), s.dilationY());
      for (int column = 0; column < s.strideX(); column++) {
        Axis x =
            Axis.of(
                column, s.inputWidth(), s.strideX(), s.padLeft(), s.kernelWidth(), s.dilationX());
        phases.add(
            new StridePhase(
                row, column, y.tapStart, x.tapStart, y.tapStep, x.tapStep, window(s, y, x)));
      }
    }
    return List.copyOf(phases);
  }

  private static ImageWindow window(ConvolutionShape s, Axis y, Axis x) {
    return new ImageWindow(
        s.outputChannels(),
        s.outputHeight(),
        s.outputWidth(),
        y.pad,
        x.pad,
        y.count,
        x.count,
        1,
        1,
        x.taps == 0 ? 0 : y.taps,
        y.taps == 0 ? 0 : x.taps,
        y.gap,
        x.gap,
        true);
  }

  /** The kernel's tap that one of the window's is. */
  int kernelTap(int tap, int kernelWidth) {
    int y = tapStartY + tap / window.tapsWide() * tapStepY;
    int x = tapStartX + tap % window.tapsWide() * tapStepX;
    return y * kernelWidth + x;
  }
}
