package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The part of padded images that a range of columns and channels needs, so that for each tap the
 * elements of neighbouring columns lie side by side.
 *
 * <p>A row of the slab holds every {@code strideX}-th pixel side by side, one phase after the
 * other. Columns fall into moves: stretches within one row of one image that are at most one vector
 * long. Reused from block to block; grows to the largest need and stays.
 */
final class ImageSlab {

  private float[] pixels = new float[0];
  private int[] tapOffsets = new int[0];
  private int[] moveFrom = new int[0];
  private int[] moveTo = new int[0];
  private int[] moveLength = new int[0];
  private int countMoves;

  private ImageWindow window = ImageWindow.overInput(NOTHING);
  private int firstChannel;
  private int rowPitch;
  private int phasePitch;
  private int channelPitch;

  private static final ConvolutionShape NOTHING =
      new ConvolutionShape(0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1);

  /**
   * Copies what the columns {@code [columnStart, columnEnd)}, counted through all images, need of
   * the channels {@code [channelStart, channelEnd)}.
   */
  void fill(
      ImageWindow window,
      PanelMoves moves,
      MemorySegment source,
      long sourceOffset,
      int columnStart,
      int columnEnd,
      int channelStart,
      int channelEnd) {
    this.window = window;
    firstChannel = channelStart;
    int wide = (window.columnsWide() - 1) * window.strideX() + window.reachX() + 1;
    phasePitch = Math.ceilDiv(wide, window.strideX());
    rowPitch = phasePitch * window.strideX();
    channelPitch = countRows(columnStart, columnEnd) * rowPitch;
    int needed = (channelEnd - channelStart) * channelPitch + 2 * TileSet.SLACK;
    if (pixels.length < needed) {
      pixels = new float[needed];
    }
    for (int channel = channelStart; channel < channelEnd; channel++) {
      int to = (channel - channelStart) * channelPitch;
      int column = columnStart;
      while (column < columnEnd) {
        int image = column / window.columns();
        int end = Math.min(columnEnd, (image + 1) * window.columns());
        int firstRow = topRow(column);
        int rows = rowsOf(column, end);
        long from =
            sourceOffset
                + 4L
                    * ((long) image * window.channels() + channel)
                    * window.height()
                    * window.width();
        fillRows(moves, source, from, firstRow, rows, to);
        to += rows * rowPitch;
        column = end;
      }
    }
  }

  /** Finds the moves for a part of the columns that {@link #fill} was called for. */
  void findMoves(int filledStart, int columnStart, int columnEnd, int moveWidth) {
    countMoves = 0;
    int most = 2 * (columnEnd - columnStart) / Math.clamp(window.columnsWide(), 1, moveWidth) + 4;
    if (moveFrom.length < most) {
      moveFrom = new int[most];
      moveTo = new int[most];
      moveLength = new int[most];
    }
    int column = columnStart;
    while (column < columnEnd) {
      int image = column / window.columns();
      int pixel = column % window.columns();
      int y = pixel / window.columnsWide();
      int x = pixel % window.columnsWide();
      int length = Math.min(moveWidth, Math.min(columnEnd - column, window.columnsWide() - x));
      int imageStart = Math.max(filledStart, image * window.columns());
      int row = y * window.strideY() - topRow(imageStart);
      moveFrom[countMoves] = (rowsBefore(filledStart, image) + row) * rowPitch + x;
      moveTo[countMoves] = column - columnStart;
      moveLength[countMoves] = length;
      countMoves++;
      column += length;
    }
  }

  /** Finds the offsets of taps, counted through all channels of a group. */
  void findTaps(int groupChannel, int tapStart, int taps) {
    if (tapOffsets.length < taps) {
      tapOffsets = new int[taps];
    }
    for (int i = 0; i < taps; i++) {
      int channel = groupChannel + (tapStart + i) / window.taps() - firstChannel;
      int tap = (tapStart + i) % window.taps();
      int x = window.tapX(tap);
      tapOffsets[i] =
          channel * channelPitch
              + window.tapY(tap) * rowPitch
              + x % window.strideX() * phasePitch
              + x / window.strideX();
    }
  }

  /** Packs the moves of all taps to one panel, one row for each tap. */
  void packPanel(
      PanelMoves moves, int taps, int panelColumns, MemorySegment target, long targetOffset) {
    moves.copyTaps(
        pixels,
        tapOffsets,
        taps,
        moveFrom,
        moveTo,
        moveLength,
        countMoves,
        panelColumns,
        target,
        targetOffset);
  }

  /** Packs the moves of all taps to one strip, one row for each tap. */
  void packStrip(PanelMoves moves, int taps, float[] target, int targetIndex) {
    moves.copyTaps(
        pixels,
        tapOffsets,
        taps,
        moveFrom,
        moveTo,
        moveLength,
        countMoves,
        target,
        targetIndex,
        TileSet.ROW_PITCH);
  }

  /** Sums the moves of all taps, weighted, to one row. */
  void sumTaps(
      PanelMoves moves,
      int taps,
      float[] weights,
      int weightIndex,
      MemorySegment target,
      long targetOffset) {
    moves.sumTaps(
        pixels,
        tapOffsets,
        taps,
        weights,
        weightIndex,
        moveFrom,
        moveTo,
        moveLength,
        countMoves,
        target,
        targetOffset);
  }

  private int topRow(int column) {
    return column % window.columns() / window.columnsWide() * window.strideY();
  }

  /** Rows of the slab that columns of one image need. */
  private int rowsOf(int columnStart, int columnEnd) {
    return topRow(columnEnd - 1) - topRow(columnStart) + window.reachY() + 1;
  }

  private int countRows(int columnStart, int columnEnd) {
    int rows = 0;
    int column = columnStart;
    while (column < columnEnd) {
      int end = Math.min(columnEnd, (column / window.columns() + 1) * window.columns());
      rows += rowsOf(column, end);
      column = end;
    }
    return rows;
  }

  /** Rows of the slab before those of an image. */
  private int rowsBefore(int filledStart, int image) {
    int imageStart = image * window.columns();
    return imageStart <= filledStart ? 0 : countRows(filledStart, imageStart);
  }

  private void fillRows(
      PanelMoves moves, MemorySegment source, long from, int firstRow, int rows, int to) {
    if (window.strideX() == 1) {
      int above = Math.clamp(window.padTop() - firstRow, 0, rows);
      int inside =
          Math.clamp((long) window.padTop() + window.height() - firstRow - above, 0, rows - above);
      int left = Math.clamp(window.padLeft(), 0, rowPitch);
      int cut = left - window.padLeft();
      int columns = Math.clamp((long) window.width() - cut, 0, rowPitch - left);
      if (columns == 0) {
        inside = 0;
      }
      Arrays.fill(pixels, to, to + above * rowPitch, 0);
      long first = from + 4L * ((long) (firstRow + above - window.padTop()) * window.width() + cut);
      moves.padRows(
          source,
          first,
          4L * window.width(),
          inside,
          columns,
          pixels,
          to + above * rowPitch,
          rowPitch,
          left);
      Arrays.fill(pixels, to + (above + inside) * rowPitch, to + rows * rowPitch, 0);
      return;
    }
    int above = Math.clamp(window.padTop() - firstRow, 0, rows);
    int inside =
        Math.clamp((long) window.padTop() + window.height() - firstRow - above, 0, rows - above);
    Arrays.fill(pixels, to, to + above * rowPitch, 0);
    Arrays.fill(pixels, to + (above + inside) * rowPitch, to + rows * rowPitch, 0);
    long first = from + 4L * (firstRow + above - window.padTop()) * window.width();
    for (int phase = 0; phase < window.strideX(); phase++) {
      fillPhase(moves, source, first, inside, phase, to + above * rowPitch + phase * phasePitch);
    }
  }

  /** Every {@code strideX}-th pixel of padded rows. */
  private void fillPhase(
      PanelMoves moves, MemorySegment source, long from, int rows, int phase, int to) {
    int stride = window.strideX();
    int before = window.padLeft() - phase;
    int first = Math.clamp(Math.ceilDiv(before, stride), 0, phasePitch);
    int end = Math.clamp(Math.ceilDiv(before + window.width(), stride), first, phasePitch);
    for (int row = 0; row < rows; row++) {
      int at = to + row * rowPitch;
      Arrays.fill(pixels, at, at + first, 0);
      Arrays.fill(pixels, at + end, at + phasePitch, 0);
    }
    moves.pickRows(
        source,
        from + 4L * ((long) first * stride - before),
        4L * window.width(),
        rows,
        end - first,
        stride,
        pixels,
        to + first,
        rowPitch);
  }
}
