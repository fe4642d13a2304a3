package dev.dlm.cpu.contraction;

import dev.dlm.cpu.VectorModule;
import org.jspecify.annotations.Nullable;

/** Tiles of vectors; to be touched only where the Vector API is present. */
final class VectorTileSet extends TileSet {

  /**
   * Registers beside those of sums and of a panel's vectors: two for broadcast elements would do,
   * but where C2 schedules a third broadcast before it has used the first, it keeps a sum in
   * memory.
   */
  private static final int BROADCAST_REGISTERS = 3;

  /** Taller tiles of one vector lose two thirds of their speed to C2's unrolling. */
  private static final int MAX_ROWS_OF_ONE_VECTOR = 12;

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
    super(element, vectorBits / (8 * element.sizeBytes()), 2);
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
    int registers = vectorBits == 512 ? 32 : 16;
    int rows = (registers - BROADCAST_REGISTERS - vectors) / vectors;
    return Math.min(rows, vectors == 1 ? MAX_ROWS_OF_ONE_VECTOR : DEPTH_PITCH);
  }

  @Override
  TileKernel make(int rows, int vectors, StripLayout layout) {
    return TileKernelGenerator.generate(element(), vectorBits, rows, vectors, layout);
  }
}
