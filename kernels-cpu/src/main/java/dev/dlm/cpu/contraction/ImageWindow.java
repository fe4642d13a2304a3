package dev.dlm.cpu.contraction;

/**
 * Images as a convolution reads them: padded, and read at one place for each tap of the kernel and
 * each pixel of the result, which is called a column here.
 *
 * <p>Column {@code (y, x)} and tap {@code (ky, kx)} meet at {@code (y * strideY + tapY(ky), x *
 * strideX + tapX(kx))} of the padded image, whose pixel {@code (i, j)} is the source's {@code (i -
 * padTop, j - padLeft)} within the source, and zero elsewhere.
 *
 * @param channels channels of one image in memory, of all groups
 * @param reversed whether the last tap comes first, as in the gradient with respect to the input
 */
record ImageWindow(
    int channels,
    int height,
    int width,
    int padTop,
    int padLeft,
    int columnsHigh,
    int columnsWide,
    int strideY,
    int strideX,
    int tapsHigh,
    int tapsWide,
    int dilationY,
    int dilationX,
    boolean reversed) {

  /** The input, read by the forward convolution and by the gradient of the kernel. */
  static ImageWindow overInput(ConvolutionShape s) {
    return new ImageWindow(
        s.inputChannels(),
        s.inputHeight(),
        s.inputWidth(),
        s.padTop(),
        s.padLeft(),
        s.outputHeight(),
        s.outputWidth(),
        s.strideY(),
        s.strideX(),
        s.kernelHeight(),
        s.kernelWidth(),
        s.dilationY(),
        s.dilationX(),
        false);
  }

  int taps() {
    return tapsHigh * tapsWide;
  }

  /** Columns of one image. */
  int columns() {
    return columnsHigh * columnsWide;
  }

  /** How far the last tap lies below the first. */
  int reachY() {
    return (tapsHigh - 1) * dilationY;
  }

  int reachX() {
    return (tapsWide - 1) * dilationX;
  }

  int tapY(int tap) {
    int ky = tap / tapsWide;
    return (reversed ? tapsHigh - 1 - ky : ky) * dilationY;
  }

  int tapX(int tap) {
    int kx = tap % tapsWide;
    return (reversed ? tapsWide - 1 - kx : kx) * dilationX;
  }
}
