package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * Images that are cut into overlapping squares, whose elements of {@link WinogradShape#LANES}
 * channels lie side by side.
 *
 * @param planes channels of one image in memory
 * @param top rows of padding above
 * @param left columns of padding on the left
 * @param step from one square to the next
 * @param size elements of a square along each axis
 * @param squaresWide squares side by side
 */
record WinogradImage(
    MemorySegment segment,
    long offset,
    int planes,
    int height,
    int width,
    int top,
    int left,
    int step,
    int size,
    int squaresWide) {

  private static final int LANES = WinogradShape.LANES;

  /** Columns of a row of squares. */
  int columns() {
    return (squaresWide - 1) * step + size;
  }

  /** Elements of rows of squares, with padding. */
  private int paddedElements(int squareRows) {
    return ((squareRows - 1) * step + size) * columns() * LANES;
  }

  /** Makes room for rows of squares, and zeros around them. */
  void prepare(WinogradScratch scratch, int squareRows) {
    scratch.needPadded(paddedElements(squareRows));
    scratch.needPixels((long) ((squareRows - 1) * step + size) * width * LANES);
    scratch.needLines((long) PointTransforms.POINTS * columns() * LANES);
    scratch.padded.asSlice(0, 4L * paddedElements(squareRows)).fill((byte) 0);
  }

  /**
   * Brings rows of squares to {@link WinogradScratch#padded}, of which {@link #prepare} has made
   * the padding.
   *
   * @param lanes channels from {@code channel} on, at most {@link WinogradShape#LANES}
   */
  void load(
      WinogradScratch scratch,
      PanelMoves moves,
      int image,
      int channel,
      int lanes,
      int squareRow,
      int squareRows) {
    int firstRow = squareRow * step - top;
    int rowStart = Math.max(0, firstRow);
    int rowEnd = Math.min(height, firstRow + (squareRows - 1) * step + size);
    int columnStart = Math.max(0, -left);
    int columnEnd = Math.min(width, columns() - left);
    if (rowStart >= rowEnd || columnStart >= columnEnd) {
      return;
    }
    long plane = (long) image * planes + channel;
    moves.transpose(
        segment,
        offset + 4 * ((plane * height + rowStart) * width),
        4L * height * width,
        lanes,
        (rowEnd - rowStart) * width,
        scratch.pixels,
        0,
        4L * LANES,
        4);
    moves.copyRows(
        scratch.pixels,
        4L * columnStart * LANES,
        4L * width * LANES,
        rowEnd - rowStart,
        4 * (columnEnd - columnStart) * LANES,
        scratch.padded,
        4L * ((rowStart - firstRow) * columns() + columnStart + left) * LANES,
        4L * columns() * LANES);
  }
}
