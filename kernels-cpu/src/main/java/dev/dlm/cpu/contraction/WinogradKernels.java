package dev.dlm.cpu.contraction;

import java.lang.foreign.MemorySegment;

/**
 * The kernels of a convolution, which are transformed block by block: for each point one row of
 * {@link WinogradShape#CHANNEL_BLOCK} channels of the result for each step of depth.
 *
 * @param byOutput whether channels of the result are the kernel's output channels, as in the
 *     forward convolution, or its input channels, with its taps in reverse
 */
record WinogradKernels(WinogradShape shape, MemorySegment segment, long offset, boolean byOutput) {

  private static final int LANES = WinogradShape.LANES;
  private static final int POINTS = PointTransforms.POINTS;

  /** Steps of depth that are transformed together. */
  private static final int STEPS = 16;

  /** From one step of depth to the next, in elements. */
  static final int ROW_PITCH = WinogradShape.CHANNEL_BLOCK;

  /** From one point to the next, in elements: no power of two. */
  static final int POINT_PITCH = WinogradShape.DEPTH_BLOCK * ROW_PITCH + LANES;

  /** Elements of one block of depth and channels. */
  static final int BLOCK_ELEMENTS = WinogradShape.POINTS * POINT_PITCH;

  /** Makes room for what {@link #transform} needs beside its result. */
  void prepare(WinogradScratch scratch) {
    int taps = shape.taps();
    // The last kernel is read in whole vectors.
    scratch.needPixels((long) (STEPS * taps * taps + LANES) * LANES);
    scratch.needLines((long) STEPS * taps * POINTS * LANES);
  }

  /**
   * Transforms the kernels of one block.
   *
   * @param scratch prepared
   */
  void transform(
      WinogradScratch scratch,
      TileSet tiles,
      int channelBlock,
      int depthBlock,
      MemorySegment target,
      long targetIndex) {
    int firstChannel = channelBlock * WinogradShape.CHANNEL_BLOCK;
    int channelEnd = Math.min(shape.channels(), firstChannel + WinogradShape.CHANNEL_BLOCK);
    int depth = shape.depthOf(depthBlock);
    for (int channel = firstChannel; channel < channelEnd; channel += LANES) {
      int lanes = Math.min(LANES, channelEnd - channel);
      for (int step = 0; step < depth; step += STEPS) {
        int steps = Math.min(STEPS, depth - step);
        load(
            scratch,
            tiles.moves(),
            channel,
            lanes,
            depthBlock * WinogradShape.DEPTH_BLOCK + step,
            steps);
        transform(
            scratch,
            tiles.transforms(),
            steps,
            target,
            targetIndex + (long) step * ROW_PITCH + channel - firstChannel);
      }
    }
  }

  private void load(
      WinogradScratch scratch, PanelMoves moves, int channel, int lanes, int depth, int steps) {
    int taps = shape.taps() * shape.taps();
    if (byOutput) {
      moves.transpose(
          segment,
          offset + 4L * taps * ((long) channel * shape.depth() + depth),
          4L * taps * shape.depth(),
          lanes,
          steps * taps,
          scratch.pixels,
          0,
          4L * LANES,
          4);
    } else {
      for (int step = 0; step < steps; step++) {
        long from = offset + 4L * taps * ((long) (depth + step) * shape.channels() + channel);
        // What is read beyond the taps, to fill vectors, is overwritten by the next step's.
        int whole = Math.ceilDiv(taps, LANES) * LANES;
        boolean isWithin = from + 4L * ((long) (lanes - 1) * taps + whole) <= segment.byteSize();
        moves.transpose(
            segment,
            from,
            4L * taps,
            lanes,
            isWithin ? whole : taps,
            scratch.pixels,
            4L * LANES * step * taps,
            4L * LANES,
            4);
      }
    }
  }

  private void transform(
      WinogradScratch scratch,
      PointTransforms transforms,
      int steps,
      MemorySegment target,
      long targetIndex) {
    int taps = shape.taps();
    int row = taps * LANES;
    int points = POINTS * LANES;
    transforms.kernel(
        taps,
        scratch.pixels,
        byOutput ? 0 : row - LANES,
        byOutput ? LANES : -LANES,
        row,
        steps * taps,
        scratch.lines,
        0,
        LANES,
        points);
    for (int point = 0; point < POINTS; point++) {
      transforms.kernel(
          taps,
          scratch.lines,
          (byOutput ? 0 : (taps - 1) * points) + point * LANES,
          byOutput ? points : -points,
          taps * points,
          steps,
          target,
          targetIndex + (long) point * POINT_PITCH,
          (long) POINTS * POINT_PITCH,
          ROW_PITCH);
    }
  }
}
