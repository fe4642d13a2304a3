package dev.dlm.cpu.contraction;

import dev.dlm.cpu.ObjectPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Transformed operands of a convolution over points, borrowed for the time of a call or of one of
 * its tasks. Kept for later ones; each part grows to the largest need and stays.
 */
final class WinogradScratch {

  private static final ObjectPool<WinogradScratch> POOL =
      new ObjectPool<>(64, WinogradScratch::new);

  /** What a convolution holds between its runs. */
  static final WinogradScratch NONE = new WinogradScratch();

  /** Transformed data. */
  float[] data = new float[0];

  /** Transformed kernels. */
  MemorySegment kernels = MemorySegment.NULL;

  /** Sums of products at each point. */
  MemorySegment products = MemorySegment.NULL;

  /** Elements of {@link WinogradShape#LANES} channels side by side. */
  MemorySegment pixels = MemorySegment.NULL;

  /** The same with padding. */
  MemorySegment padded = MemorySegment.NULL;

  /** Lines that are transformed along one axis. */
  MemorySegment lines = MemorySegment.NULL;

  /** A tile of products that is added to others. */
  final MemorySegment tile = Arena.ofAuto().allocate(4096, 64);

  static WinogradScratch borrow() {
    return POOL.borrow();
  }

  void giveBack() {
    POOL.giveBack(this);
  }

  void needData(int elements) {
    if (data.length < elements) {
      data = new float[elements];
    }
  }

  void needKernels(long elements) {
    kernels = atLeast(kernels, elements);
  }

  void needProducts(long elements) {
    products = atLeast(products, elements);
  }

  void needPixels(long elements) {
    pixels = atLeast(pixels, elements);
  }

  void needPadded(long elements) {
    padded = atLeast(padded, elements);
  }

  void needLines(long elements) {
    lines = atLeast(lines, elements);
  }

  private static MemorySegment atLeast(MemorySegment segment, long elements) {
    return segment.byteSize() >= 4 * elements ? segment : Arena.ofAuto().allocate(4 * elements, 64);
  }
}
