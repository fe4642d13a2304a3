package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Products of a batch of matrices of one shape: {@code C[i] = A[i] · B[i]}, {@code A[rows, depth]},
 * {@code B[depth, columns]}, {@code C[rows, columns]}, each with any strides.
 *
 * <p><b>Numerics.</b> The depth is cut into blocks of {@value #DEPTH_BLOCK}. Within a block each
 * element of {@code C} is accumulated from +0 with fused multiply-add in increasing depth; the sums
 * of the blocks are added in order. This holds for every vector width, for the scalar twin, for
 * every number of threads and for packed operands, so all of them give the same bits; only the sign
 * and payload of a NaN are left open. A depth of 0 gives +0. Binary64 is accumulated in binary64;
 * binary16 and bfloat16 are widened to binary32 and the finished sum is rounded once, to nearest
 * even; integers wrap around.
 *
 * <p>Immutable and thread-safe: one instance serves any number of concurrent calls. {@code C} must
 * not overlap the operands. A call allocates a few small objects on the heap and nothing off it.
 */
public final class MatrixProduct {

  /** How many products are summed before the sum is added to the result. */
  public static final int DEPTH_BLOCK = TileSet.DEPTH_BLOCK;

  private final ElementKind element;
  private final Blocking blocking;
  private final Blocking packedBlocking;
  private final MatrixLayout a;
  private final MatrixLayout b;
  private final MatrixLayout c;
  private final boolean exchanged;
  private final boolean unpacked;
  private final @Nullable TileSet tiles;

  /**
   * Prepares products of one shape.
   *
   * @param element the type of all three matrices
   * @param batch how many matrices
   * @param rows rows of {@code A} and {@code C}
   * @param columns columns of {@code B} and {@code C}
   * @param depth columns of {@code A} and rows of {@code B}
   * @throws IllegalArgumentException if a size is negative
   */
  public MatrixProduct(
      ElementKind element,
      int batch,
      int rows,
      int columns,
      int depth,
      MatrixLayout a,
      MatrixLayout b,
      MatrixLayout c) {
    this(
        element.isTiled() ? TileSet.best(element) : null,
        element,
        batch,
        rows,
        columns,
        depth,
        a,
        b,
        c);
  }

  /** As the public constructor, with given tiles; none for plain loops. */
  MatrixProduct(
      @Nullable TileSet tiles,
      ElementKind element,
      int batch,
      int rows,
      int columns,
      int depth,
      MatrixLayout a,
      MatrixLayout b,
      MatrixLayout c) {
    if (batch < 0 || rows < 0 || columns < 0 || depth < 0) {
      throw new IllegalArgumentException(
          "a size is negative: batch %d, rows %d, columns %d, depth %d"
              .formatted(batch, rows, columns, depth));
    }
    this.element = element;
    // C = A · B is Cᵀ = Bᵀ · Aᵀ, which puts C's columns side by side where its rows are, and makes
    // vectors run along the only long side of a product with one column.
    exchanged =
        columns == 1
            ? rows > 1 && c.rowStride() == 1
            : c.columnStride() != 1 && (c.rowStride() == 1 || rows == 1);
    this.a = exchanged ? b.transposed() : a;
    this.b = exchanged ? a.transposed() : b;
    this.c = exchanged ? c.transposed() : c;
    int ownRows = exchanged ? columns : rows;
    int ownColumns = exchanged ? rows : columns;
    boolean sideBySide = this.c.columnStride() == 1 || ownColumns == 1;
    this.tiles = sideBySide ? tiles : null;
    if (this.tiles == null) {
      unpacked = false;
      blocking = PlainProduct.blocking(batch, ownRows, ownColumns, depth);
      packedBlocking = blocking;
    } else {
      boolean rowsOfB = this.b.columnStride() == 1;
      unpacked = rowsOfB && ownRows <= this.tiles.maxRows(2);
      blocking = Blocking.of(this.tiles, batch, ownRows, ownColumns, depth, unpacked);
      packedBlocking = Blocking.of(this.tiles, batch, ownRows, ownColumns, depth, false);
    }
  }

  /** Whether {@link #pack} is of use for these products: one right-hand matrix for all of them. */
  public boolean canPack() {
    return tiles != null && !exchanged && (blocking.batch() <= 1 || b.batchStride() == 0);
  }

  /**
   * Packs a right-hand matrix that many calls will use.
   *
   * @param bOffset the first element of {@code B}, in bytes
   * @param arena what holds the packed matrix
   * @throws IllegalStateException if {@link #canPack} is false
   */
  public PackedMatrix pack(MemorySegment bSegment, long bOffset, Arena arena) {
    if (tiles == null || !canPack()) {
      throw new IllegalStateException("products of this shape do not use packed matrices");
    }
    int depth = blocking.depth();
    int columns = blocking.columns();
    int panelColumns = packedBlocking.panelColumns();
    MemorySegment segment =
        arena.allocate(PackedMatrix.sizeBytes(element, depth, columns, panelColumns), 64);
    PackedMatrix packed = new PackedMatrix(segment, element, depth, columns, panelColumns);
    StridedProduct.Operand source = operand(bSegment, bOffset, b);
    StridedProduct packer =
        new StridedProduct(tiles, packedBlocking, source, source, false, null, noResult(), null);
    for (int depthStart = 0; depthStart < depth; depthStart += DEPTH_BLOCK) {
      int length = Math.min(DEPTH_BLOCK, depth - depthStart);
      for (int column = 0; column < columns; column += panelColumns) {
        packer.packPanel(
            segment,
            packed.panelOffset(column, depthStart, length),
            (long) panelColumns * element.sizeBytes(),
            0,
            column,
            Math.min(panelColumns, columns - column),
            depthStart,
            length);
      }
    }
    return packed;
  }

  /**
   * Multiplies. Offsets are those of the first elements, in bytes.
   *
   * @param pool what shares the work
   * @param epilogue called for each finished block, or null
   * @throws IndexOutOfBoundsException if a matrix reaches beyond its segment
   */
  public void run(
      MemorySegment aSegment,
      long aOffset,
      MemorySegment bSegment,
      long bOffset,
      MemorySegment cSegment,
      long cOffset,
      WorkerPool pool,
      @Nullable TileEpilogue epilogue) {
    if (isEmpty()) {
      return;
    }
    StridedProduct.Operand left =
        exchanged ? operand(bSegment, bOffset, a) : operand(aSegment, aOffset, a);
    StridedProduct.Operand right =
        exchanged ? operand(aSegment, aOffset, b) : operand(bSegment, bOffset, b);
    if (tiles == null) {
      new PlainProduct(element, blocking, left, right, operand(cSegment, cOffset, c), own(epilogue))
          .runOn(pool);
      return;
    }
    new StridedProduct(
            tiles, blocking, left, right, unpacked, null, result(cSegment, cOffset), own(epilogue))
        .runOn(pool);
  }

  /**
   * Multiplies with a right-hand matrix that was packed beforehand.
   *
   * @param packed made by a product of the same depth, columns and element type
   * @throws IllegalArgumentException if {@code packed} is of another product
   */
  public void run(
      MemorySegment aSegment,
      long aOffset,
      PackedMatrix packed,
      MemorySegment cSegment,
      long cOffset,
      WorkerPool pool,
      @Nullable TileEpilogue epilogue) {
    Objects.requireNonNull(packed);
    if (tiles == null
        || !canPack()
        || !packed.fits(
            element, blocking.depth(), blocking.columns(), packedBlocking.panelColumns())) {
      throw new IllegalArgumentException(packed + " was packed for another product");
    }
    if (isEmpty()) {
      return;
    }
    StridedProduct.Operand left = operand(aSegment, aOffset, a);
    new StridedProduct(
            tiles,
            packedBlocking,
            left,
            left,
            false,
            packed,
            result(cSegment, cOffset),
            own(epilogue))
        .runOn(pool);
  }

  private boolean isEmpty() {
    return blocking.batch() == 0 || blocking.rows() == 0 || blocking.columns() == 0;
  }

  private StridedProduct.Operand operand(MemorySegment segment, long offset, MatrixLayout layout) {
    int size = element.sizeBytes();
    return new StridedProduct.Operand(
        segment,
        offset,
        layout.batchStride() * size,
        layout.rowStride() * size,
        layout.columnStride() * size);
  }

  private BlockedProduct.Result result(MemorySegment segment, long offset) {
    int size = element.sizeBytes();
    return new BlockedProduct.Result(
        segment, offset, c.batchStride() * size, c.rowStride() * size, blocking.columns(), 0);
  }

  private static BlockedProduct.Result noResult() {
    return new BlockedProduct.Result(MemorySegment.NULL, 0, 0, 0, 1, 0);
  }

  private @Nullable TileEpilogue own(@Nullable TileEpilogue epilogue) {
    return exchanged && epilogue != null
        ? (batch, rowStart, rowEnd, columnStart, columnEnd) ->
            epilogue.apply(batch, columnStart, columnEnd, rowStart, rowEnd)
        : epilogue;
  }
}
