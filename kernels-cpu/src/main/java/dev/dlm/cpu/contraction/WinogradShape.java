package dev.dlm.cpu.contraction;

/**
 * How the result of a convolution of stride 1 is cut into square tiles, each of which meets 6 × 6
 * elements of the source, the points of {@link PointTransforms} along each axis.
 *
 * @param window how the source is read
 * @param images images of the batch
 * @param depth channels of the source
 * @param channels channels of the result
 */
record WinogradShape(ImageWindow window, int images, int depth, int channels) {

  static final int LANES = PointTransforms.LANES;

  /** Points of a tile. */
  static final int POINTS = PointTransforms.POINTS * PointTransforms.POINTS;

  /**
   * How many products are summed before the sum is added to the others: part of the meaning of
   * these convolutions.
   */
  static final int DEPTH_BLOCK = 128;

  /** From one tile to the next in transformed data: no power of two. */
  static final int TILE_PITCH = DEPTH_BLOCK + LANES;

  /** Channels of the result that are computed together. */
  static final int CHANNEL_BLOCK = 32;

  /** Transformed data of a block of tiles may take about half of the second cache. */
  private static final int BLOCK_BYTES = 1 << 19;

  private static final int MIN_BLOCK_TILES = 14;
  private static final int MAX_BLOCK_TILES = 56;

  /**
   * What transforming a pair of channels costs for each call, counted in products of a point; the
   * direct way has no such cost.
   */
  private static final int KERNEL_COST = 220;

  private static final int MIN_CHANNELS = 16;

  /** Transformed kernels take four times as much memory as those of 3 × 3, up to this. */
  private static final long MAX_KERNEL_BYTES = 1 << 26;

  /** Larger ones take as long to be read again from memory as to be made anew. */
  private static final long MAX_KEPT_BYTES = 1 << 22;

  /** Whether a convolution is computed so: part of its meaning. */
  static boolean serves(ConvolutionShape s) {
    boolean dense =
        s.groups() == 1
            && s.strideY() == 1
            && s.strideX() == 1
            && s.dilationY() == 1
            && s.dilationX() == 1;
    boolean square =
        s.kernelHeight() == s.kernelWidth() && (s.kernelWidth() == 3 || s.kernelWidth() == 5);
    return dense && square && Math.min(s.inputChannels(), s.outputChannels()) >= MIN_CHANNELS;
  }

  /** Whether the transforms are worth their cost. */
  boolean isWorthwhile() {
    long direct = (long) images * window.columns() * window.taps();
    return kernelBytes() <= MAX_KERNEL_BYTES
        && (tiles() * (long) POINTS + KERNEL_COST) * 5 < direct * 4;
  }

  /** Whether transformed kernels are worth to be kept for runs that do not change them. */
  boolean keepsKernels() {
    return kernelBytes() <= MAX_KEPT_BYTES;
  }

  private long kernelBytes() {
    return (long) Float.BYTES * POINTS * depth * channels;
  }

  int taps() {
    return window.tapsWide();
  }

  /** Results of a tile along one axis. */
  int tileSize() {
    return PointTransforms.POINTS + 1 - taps();
  }

  int tilesHigh() {
    return Math.ceilDiv(window.columnsHigh(), tileSize());
  }

  int tilesWide() {
    return Math.ceilDiv(window.columnsWide(), tileSize());
  }

  int imageTiles() {
    return tilesHigh() * tilesWide();
  }

  int tiles() {
    return images * imageTiles();
  }

  int depthBlocks() {
    return Math.ceilDiv(depth, DEPTH_BLOCK);
  }

  int channelBlocks() {
    return Math.ceilDiv(channels, CHANNEL_BLOCK);
  }

  /** The depth of one block. */
  int depthOf(int block) {
    return Math.min(DEPTH_BLOCK, depth - block * DEPTH_BLOCK);
  }

  /**
   * Whether there are fewer kernels than tiles: the smaller side is transformed beforehand, the
   * other block by block.
   */
  boolean hasFewKernels() {
    return channels <= tiles();
  }

  private int blockTiles() {
    int tileBytes = Float.BYTES * POINTS * depth;
    return Math.clamp(BLOCK_BYTES / tileBytes, MIN_BLOCK_TILES, MAX_BLOCK_TILES);
  }

  /** Rows of tiles of one image in a block of tiles, at most. */
  int blockRows() {
    return Math.clamp(blockTiles() / tilesWide(), 1, tilesHigh());
  }

  /** Images in a block of tiles; blocks of several hold all rows. */
  int blockImages() {
    return blockRows() < tilesHigh() ? 1 : Math.clamp(blockTiles() / imageTiles(), 1, images);
  }

  /** Blocks of the rows of one image. */
  int rowBlocks() {
    return Math.ceilDiv(tilesHigh(), blockRows());
  }

  /**
   * The first row of tiles of a block of the rows of one image; blocks differ by one row at most.
   */
  int firstRow(int rowBlock) {
    return rowBlock * tilesHigh() / rowBlocks();
  }

  /** Blocks of tiles. */
  int tileBlocks() {
    return Math.ceilDiv(images, blockImages()) * rowBlocks();
  }
}
