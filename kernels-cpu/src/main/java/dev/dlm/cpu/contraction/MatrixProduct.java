package dev.dlm.cpu.contraction;

import dev.dlm.plan.LoopKernel;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Products of a batch of matrices of one shape: {@code C[i] = A[i] · B[i]}, {@code A[rows, depth]},
 * {@code B[depth, columns]}, {@code C[rows, columns]}, each with any strides.
 *
 * <p><b>Numerics.</b> The depth is cut into {@link DepthBlocks}. Within a block each element of
 * {@code C} is accumulated from +0 with fused multiply-add in increasing depth; the sums of the
 * blocks are added in order. This holds for every vector width, for the scalar twin, for every
 * number of threads and for packed operands, so all of them give the same bits; only the sign and
 * payload of a NaN are left open. A depth of 0 gives +0. Binary32 products of up to three rows, or
 * of one column, over a depth of at least 64 that both operands hold side by side are summed in the
 * order of a fold in {@link LoopKernel} instead. Binary64 is accumulated in binary64; binary16 and
 * bfloat16 are widened to binary32 and the finished sum is rounded once, to nearest even; integers
 * wrap around.
 *
 * <p>Immutable and thread-safe: one instance serves any number of concurrent calls. {@code C} must
 * not overlap the operands.
 */
public final class MatrixProduct {

  /** With fewer rows, wide tiles on rows side by side are faster than tiles on packed panels. */
  private static final int PACKED_ROWS = 4;

  private final ElementKind element;
  private final int batch;

  /** Rows and columns as they are computed, which may be {@link #exchanged}. */
  private final int rows;

  private final int columns;
  private final int depth;
  private final MatrixLayout a;
  private final MatrixLayout b;
  private final MatrixLayout c;
  private final boolean exchanged;
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
    this.batch = batch;
    this.rows = exchanged ? columns : rows;
    this.columns = exchanged ? rows : columns;
    this.depth = depth;
    boolean sideBySide = this.c.columnStride() == 1 || this.columns == 1;
    this.tiles = sideBySide ? tiles : null;
  }

  /**
   * Whether {@link #bindPacking} is of use for these products: one right-hand matrix for all of
   * them.
   */
  public boolean canPack() {
    return tiles != null && !exchanged && sharesRight() && !isDots();
  }

  /** Whether elements are computed as dot products of stretches of memory. */
  private boolean isDots() {
    return DotProducts.serves(element, rows, depth, a, b);
  }

  private boolean sharesRight() {
    return batch <= 1 || b.batchStride() == 0;
  }

  /** Whether products with a matrix packed beforehand take less time than those without. */
  public boolean isFasterPacked() {
    return canPack() && (b.columnStride() != 1 || rows >= PACKED_ROWS);
  }

  /**
   * Whether a packed matrix is worth its memory as long as the matrix does not change: it does not
   * stay in the second cache, where rows that lie apart are waited for, or its columns lie side by
   * side; and there are rows enough to compute with it.
   */
  public boolean isWorthKeepingPacked() {
    return canPack()
        && rows >= PACKED_ROWS
        && (b.columnStride() != 1
            || (long) depth * columns * element.sizeBytes() > Blocking.CACHED_BYTES);
  }

  /**
   * Memory for a packed right-hand matrix, to be filled by what {@link #bindPacking} returns.
   *
   * @throws IllegalStateException if {@link #canPack} is false
   */
  public PackedMatrix allocatePacked(SegmentAllocator memory) {
    return allocatePacked(memory, PackedMatrix.Order.BY_DEPTH);
  }

  PackedMatrix allocatePacked(SegmentAllocator memory, PackedMatrix.Order order) {
    if (tiles == null || !canPack()) {
      throw new IllegalStateException("products of this shape do not use packed matrices");
    }
    return emptyPacked(tiles, memory, order);
  }

  private PackedMatrix emptyPacked(
      TileSet tiles, SegmentAllocator memory, PackedMatrix.Order order) {
    int panelColumns = blocking(tiles, Blocking.Panels.PACKED, 1).panelColumns();
    MemorySegment segment =
        memory.allocate(PackedMatrix.sizeBytes(element, depth, columns, panelColumns), 64);
    return new PackedMatrix(segment, order, element, depth, columns, panelColumns);
  }

  /**
   * Binds the packing of a right-hand matrix that many products will use.
   *
   * @param bOffset the first element of {@code B}, in bytes
   * @param packed made by {@link #allocatePacked}
   * @param pool what shares the work
   * @return packs; allocates nothing; no product may use {@code packed} meanwhile
   * @throws IllegalArgumentException if {@code packed} is of another product
   */
  public Runnable bindPacking(
      MemorySegment bSegment, long bOffset, PackedMatrix packed, WorkerPool pool) {
    MatrixPacking packing =
        new MatrixPacking(new PanelPacker(tilesFor(packed), operand(bSegment, bOffset, b)), packed);
    return () -> packing.runOn(pool);
  }

  private TileSet tilesFor(PackedMatrix packed) {
    if (tiles == null
        || !canPack()
        || !packed.fits(
            element, depth, columns, blocking(tiles, Blocking.Panels.PACKED, 1).panelColumns())) {
      throw new IllegalArgumentException(packed + " was packed for another product");
    }
    return tiles;
  }

  /**
   * Binds products to memory. Offsets are those of the first elements, in bytes.
   *
   * @param pool what shares the work
   * @param scratch what gives memory that lives as long as what is returned
   * @param epilogue called for each finished block, or null
   * @return multiplies; allocates nothing; for one thread at a time. It throws {@link
   *     IndexOutOfBoundsException} if a matrix reaches beyond its segment.
   */
  public Runnable bind(
      MemorySegment aSegment,
      long aOffset,
      MemorySegment bSegment,
      long bOffset,
      MemorySegment cSegment,
      long cOffset,
      WorkerPool pool,
      SegmentAllocator scratch,
      @Nullable TileEpilogue epilogue) {
    if (isEmpty()) {
      return () -> {};
    }
    StridedProduct.Operand left =
        exchanged ? operand(bSegment, bOffset, a) : operand(aSegment, aOffset, a);
    StridedProduct.Operand right =
        exchanged ? operand(aSegment, aOffset, b) : operand(bSegment, bOffset, b);
    if (tiles == null) {
      PlainProduct product =
          new PlainProduct(
              element,
              batch,
              rows,
              columns,
              depth,
              left,
              right,
              operand(cSegment, cOffset, c),
              own(epilogue));
      return () -> product.runOn(pool);
    }
    BlockedProduct.Result result = result(cSegment, cOffset);
    TileEpilogue own = own(epilogue);
    TileSet untilCompiled = tiles.untilCompiled();
    boolean beginsByScalars =
        untilCompiled != tiles && FirstRun.admits((long) batch * rows * columns * depth);
    Runnable product =
        isDots()
            ? dots(tiles, left, right, result, own, pool)
            : strided(tiles, left, right, result, own, pool, scratch);
    if (!beginsByScalars) {
      return product;
    }
    Runnable first =
        isDots()
            ? dots(untilCompiled, left, right, result, own, pool)
            : unpacked(untilCompiled, left, right, result, own, pool);
    return new FirstRun(first, product);
  }

  private Runnable dots(
      TileSet tiles,
      StridedProduct.Operand left,
      StridedProduct.Operand right,
      BlockedProduct.Result result,
      @Nullable TileEpilogue epilogue,
      WorkerPool pool) {
    DotProducts product =
        new DotProducts(
            tiles, batch, rows, columns, depth, left, right, result, epilogue, pool.threads());
    return () -> product.runOn(pool);
  }

  private Runnable unpacked(
      TileSet tiles,
      StridedProduct.Operand left,
      StridedProduct.Operand right,
      BlockedProduct.Result result,
      @Nullable TileEpilogue epilogue,
      WorkerPool pool) {
    StridedProduct product =
        new StridedProduct(
            tiles, unpacked(tiles, pool.threads()), left, right, null, null, result, epilogue);
    return () -> product.runOn(pool);
  }

  private Runnable strided(
      TileSet tiles,
      StridedProduct.Operand left,
      StridedProduct.Operand right,
      BlockedProduct.Result result,
      @Nullable TileEpilogue epilogue,
      WorkerPool pool,
      SegmentAllocator scratch) {
    int threads = pool.threads();
    Blocking blocking = unpacked(tiles, threads);
    PackedMatrix packed = null;
    MatrixPacking packing = null;
    if (sharesRight()) {
      Blocking ofPacked = blocking(tiles, Blocking.Panels.PACKED, threads);
      if (ofPacked.cost(threads) + ofPacked.packingCost(b.columnStride() != 1, threads)
          < blocking.cost(threads)) {
        blocking = ofPacked;
        packed = emptyPacked(tiles, scratch, PackedMatrix.Order.BY_DEPTH);
        packing = new MatrixPacking(new PanelPacker(tiles, right), packed);
      }
    }
    StridedProduct product =
        new StridedProduct(tiles, blocking, left, right, packed, packing, result, epilogue);
    return () -> product.runOn(pool);
  }

  /** Blocks for a right-hand matrix that is not packed as a whole. */
  private Blocking unpacked(TileSet tiles, int threads) {
    Blocking.Panels panels =
        b.columnStride() == 1 ? Blocking.Panels.IN_PLACE : Blocking.Panels.PACKED_BY_TASK;
    return blocking(tiles, panels, threads);
  }

  /**
   * Binds products whose right-hand matrix was packed beforehand, as {@link #bind(MemorySegment,
   * long, MemorySegment, long, MemorySegment, long, WorkerPool, SegmentAllocator, TileEpilogue)}.
   *
   * @param packed made by a product of the same depth, columns and element type
   * @throws IllegalArgumentException if {@code packed} is of another product
   */
  public Runnable bind(
      MemorySegment aSegment,
      long aOffset,
      PackedMatrix packed,
      MemorySegment cSegment,
      long cOffset,
      WorkerPool pool,
      @Nullable TileEpilogue epilogue) {
    TileSet own = tilesFor(packed);
    if (isEmpty()) {
      return () -> {};
    }
    StridedProduct.Operand left = operand(aSegment, aOffset, a);
    StridedProduct product =
        new StridedProduct(
            own,
            blocking(own, Blocking.Panels.KEPT, pool.threads()),
            left,
            left,
            packed,
            null,
            result(cSegment, cOffset),
            own(epilogue));
    return () -> product.runOn(pool);
  }

  private Blocking blocking(TileSet tiles, Blocking.Panels panels, int threads) {
    return Blocking.ofMatrices(tiles, batch, rows, columns, depth, panels, threads);
  }

  private boolean isEmpty() {
    return batch == 0 || rows == 0 || columns == 0;
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
        segment, offset, c.batchStride() * size, c.rowStride() * size, columns, 0);
  }

  private @Nullable TileEpilogue own(@Nullable TileEpilogue epilogue) {
    return exchanged && epilogue != null
        ? (batch, rowStart, rowEnd, columnStart, columnEnd) ->
            epilogue.apply(batch, columnStart, columnEnd, rowStart, rowEnd)
        : epilogue;
  }
}
