package dev.dlm.cpu.contraction;

import dev.dlm.cpu.VectorModule;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The micro-kernels of one element type and one vector width, and the moves that pack their
 * operands. All sets of one element type compute the same bits.
 *
 * <p>Thread-safe; kernels are made when first asked for.
 */
abstract class TileSet {

  /**
   * Spare elements behind packed rows: moves write whole vectors, so up to one vector less one
   * element behind a row's end is overwritten.
   */
  static final int SLACK = 16;

  /**
   * Distance of rows in {@link StripLayout#BY_ROW}: no power of two, so that rows spread over cache
   * sets, and 8 bytes beyond a multiple of a cache line, so that the elements of one step of depth
   * spread over banks.
   */
  static final int ROW_PITCH = DepthBlocks.MAX_LENGTH + SLACK + 2;

  /** Distance of depth steps in {@link StripLayout#BY_DEPTH}; no tile has more rows. */
  static final int DEPTH_PITCH = 16;

  private static final int MAX_VECTORS = 8;

  private final ElementKind element;
  private final int lanes;
  private final int panelVectors;
  private final AtomicReferenceArray<TileKernel> kernels =
      new AtomicReferenceArray<>(
          StripLayout.values().length * (DEPTH_PITCH + 1) * (MAX_VECTORS + 1));

  /**
   * Describes the set.
   *
   * @param lanes elements in a vector
   * @param panelVectors how many vectors wide the panels of a large product are
   */
  TileSet(ElementKind element, int lanes, int panelVectors) {
    this.element = element;
    this.lanes = lanes;
    this.panelVectors = panelVectors;
  }

  /** The best set for this JVM and processor. */
  static TileSet best(ElementKind element) {
    return switch (element) {
      case F32 -> BestF32.SET;
      case F64 -> BestF64.SET;
      case F16, BF16, I32, I64 ->
          throw new IllegalArgumentException("there are no tiles for " + element);
    };
  }

  private static final class BestF32 {
    static final TileSet SET =
        VectorModule.isPresent()
            ? VectorTileSet.preferred(ElementKind.F32)
            : new ScalarTileSet(ElementKind.F32);
  }

  private static final class BestF64 {
    static final TileSet SET =
        VectorModule.isPresent()
            ? VectorTileSet.preferred(ElementKind.F64)
            : new ScalarTileSet(ElementKind.F64);
  }

  /**
   * What to compute with before the JIT has compiled this set's kernels; itself, if nothing is
   * faster.
   */
  TileSet untilCompiled() {
    return this;
  }

  final ElementKind element() {
    return element;
  }

  final int lanes() {
    return lanes;
  }

  /** What packs operands and stores results. */
  abstract PanelMoves moves();

  /** What multiplies rows with columns that lie side by side each. */
  abstract ColumnDots dots();

  /** What brings images and kernels to points and results back. */
  abstract PointTransforms transforms();

  /**
   * The most rows of a tile of so many vectors, at most {@link #DEPTH_PITCH}; 0 if there is none.
   */
  abstract int maxRows(int vectors);

  /** The most vectors, a power of two, of a tile of so many rows. */
  final int maxVectors(int rows) {
    int vectors = MAX_VECTORS;
    while (vectors > 1 && rows > maxRows(vectors)) {
      vectors /= 2;
    }
    return vectors;
  }

  /** How many vectors wide the panels of a large product are. */
  final int panelVectors() {
    return panelVectors;
  }

  /** The kernel for a tile of exactly this size. */
  final TileKernel kernel(int rows, int vectors, StripLayout layout) {
    int index = (layout.ordinal() * (DEPTH_PITCH + 1) + rows) * (MAX_VECTORS + 1) + vectors;
    TileKernel kernel = kernels.get(index);
    if (kernel == null) {
      TileKernel made = make(rows, vectors, layout);
      // Two threads may make the same kernel; one of the two is kept.
      kernel = kernels.compareAndSet(index, null, made) ? made : kernels.get(index);
    }
    return kernel;
  }

  abstract TileKernel make(int rows, int vectors, StripLayout layout);
}
