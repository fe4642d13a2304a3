package dev.dlm.cpu.contraction;

import dev.dlm.cpu.VectorModule;
import org.jspecify.annotations.Nullable;

/** Tiles of vectors; to be touched only where the Vector API is present. */
final class VectorTileSet extends TileSet {

  private final int vectorBits;
  private final @Nullable TileSet scalars;

  /**
   * Tiles of vectors of one width, from the first run on.
   *
   * @param vectorBits 128, 256 or 512
   */
  VectorTileSet(ElementKind element, int vectorBits) {
    this(element, vectorBits, null);
  }

  private VectorTileSet(ElementKind element, int vectorBits, @Nullable TileSet scalars) {
    // 32 registers of 512 bits hold 14 x 2 sums beside two vectors of a panel; 16 hold 6 x 2.
    super(
        element,
        vectorBits / (8 * element.sizeBytes()),
        vectorBits == 512 ? 14 : 6,
        vectorBits == 512 ? 28 : 12);
    this.vectorBits = vectorBits;
    this.scalars = scalars;
  }

  static VectorTileSet preferred(ElementKind element) {
    return new VectorTileSet(element, VectorModule.vectorBits(), new ScalarTileSet(element));
  }

  /** Loaded by the first product that computes with vectors. */
  private static final class Moves {
    static final PanelMoves MOVES = new VectorMoves();
    static final ColumnDots DOTS = new VectorColumnDots();
    static final PointTransforms TRANSFORMS = new VectorPointTransforms();
  }

  @Override
  PanelMoves moves() {
    return Moves.MOVES;
  }

  @Override
  ColumnDots dots() {
    return Moves.DOTS;
  }

  @Override
  PointTransforms transforms() {
    return Moves.TRANSFORMS;
  }

  @Override
  TileSet untilCompiled() {
    return scalars != null ? scalars : this;
  }

  @Override
  int maxRows(int vectors) {
    // Taller tiles of one vector lose two thirds of their speed to C2's unrolling.
    return vectors == 1 ? Math.min(12, super.maxRows(1)) : super.maxRows(vectors);
  }

  @Override
  TileKernel make(int rows, int vectors, StripLayout layout) {
    return TileKernelGenerator.generate(element(), vectorBits, rows, vectors, layout);
  }
}
