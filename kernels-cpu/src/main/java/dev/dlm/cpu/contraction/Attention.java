package dev.dlm.cpu.contraction;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Attention and its gradient over given memory, binary32: {@link
 * dev.dlm.op.nn.ScaledDotProductAttention} block by block, without a matrix of scores in memory.
 *
 * <p><b>Numerics.</b> Sources are taken in blocks of {@value #SOURCE_BLOCK}, in order. Products are
 * accumulated as those of {@link MatrixProduct}, weights are summed as {@link AttentionRows} says.
 * A causal attention goes through chunks of {@value #CHUNK} rows; each chunk meets the sources up
 * to the last that its last row may look at, those that a row must not look at with a weight of 0.
 * All of this follows from the shape alone, so that the bits depend neither on threads nor on the
 * width of vectors.
 *
 * <p>Immutable and thread-safe as long as no two calls write the same memory; a call allocates
 * nothing once there is scratch memory for as many tasks as run at once.
 */
public abstract class Attention implements WorkerPool.Task {
  /** Sources that are met at a time. */
  static final int SOURCE_BLOCK = 384;

  /** The most rows of one task. */
  static final int MAX_ROWS = 1024;

  static final int CHUNK = 32;

  /** From one row of scores to the next, in elements; no power of two, so that they spread. */
  static final int SCORE_PITCH = SOURCE_BLOCK + 16;

  /** What hides a score: below every other, and finite, so that a row of these alone is told. */
  static final float HIDDEN = -Float.MAX_VALUE;

  private static final int QUERY_STRIP = 0;

  final TileSet tiles;
  final AttentionRows arithmetic;
  final AttentionShape shape;
  final AttentionShape.Rows rows;
  final int chunkRows;
  final int tileRows;
  final PanelSet sourcePanels;
  final PanelSet keyPanels;
  final PanelSet valuePanels;

  Attention(TileSet tiles, AttentionShape shape, int blockRows) {
    this.tiles = tiles;
    this.arithmetic = AttentionRows.of(tiles);
    this.shape = shape;
    this.rows = shape.rows();
    this.chunkRows = rows.causal() ? CHUNK : blockRows;
    int most = Math.clamp(rows.count(), 1, chunkRows);
    this.tileRows = Math.ceilDiv(most, Math.ceilDiv(most, tiles.maxRows(tiles.panelVectors())));
    this.sourcePanels =
        new PanelSet(tiles, Math.min(SOURCE_BLOCK, Math.max(1, shape.sources())), tileRows);
    this.keyPanels = new PanelSet(tiles, shape.keySize(), tileRows);
    this.valuePanels = new PanelSet(tiles, shape.valueSize(), tileRows);
  }

  /**
   * Prepares attention.
   *
   * @param mask null if the shape says that there is none
   * @param logSums {@code [batch, targets, heads]}, the logarithms of the sums of weights
   */
  public static Attention forward(
      AttentionShape shape,
      MemorySegment query,
      MemorySegment key,
      MemorySegment values,
      @Nullable MemorySegment mask,
      MemorySegment result,
      MemorySegment logSums) {
    return new AttentionForward(
        TileSet.best(ElementKind.F32), shape, query, key, values, mask, result, logSums);
  }

  /**
   * Prepares the gradient of attention.
   *
   * @param mask null if the shape says that there is none
   */
  public static Attention gradient(
      AttentionShape shape,
      MemorySegment query,
      MemorySegment key,
      MemorySegment values,
      MemorySegment logSums,
      MemorySegment upstream,
      MemorySegment offsets,
      @Nullable MemorySegment mask,
      MemorySegment queryGradient,
      MemorySegment keyGradient,
      MemorySegment valuesGradient) {
    return new AttentionBackward(
        TileSet.best(ElementKind.F32),
        shape,
        new AttentionBackward.Memory(
            query,
            key,
            values,
            logSums,
            upstream,
            offsets,
            mask,
            queryGradient,
            keyGradient,
            valuesGradient));
  }

  /** Computes. */
  public final void runOn(WorkerPool pool) {
    pool.run(tasks(), this);
  }

  abstract int tasks();

  /** Where a tensor of queries lies, of vectors of a given size. */
  final long rowOffset(int batch, int head, int row, int size) {
    long first = (long) batch * shape.targets() * shape.heads();
    long own =
        shape.targets() == 1
            ? (long) head * rows.headStride() + row
            : head + (long) row * rows.stride();
    return 4 * (first + own) * size;
  }

  final long rowStride(int size) {
    return 4L * rows.stride() * size;
  }

  final long sourceOffset(int batch, int group, int source, int size) {
    return 4 * (((long) batch * shape.sources() + source) * shape.groups() + group) * size;
  }

  final long sourceStride(int size) {
    return 4L * shape.groups() * size;
  }

  final int group(int head) {
    return head / rows.headsOfGroup();
  }

  /** How many sources of a block a row may look at, beside what the mask says. */
  final int visible(int row, int source, int count) {
    return Math.clamp((long) shape.limit(rows, row + 1) - source, 0, count);
  }

  /** The bytes of {@link #packSources}. */
  final long sourcePanelBytes(int size) {
    int block = DepthBlocks.length(size);
    return size / block * sourcePanels.bytes(block) + sourcePanels.bytes(size % block);
  }

  /** Packs a block of sources, each of which becomes a column. */
  final void packSources(
      MemorySegment from,
      int batch,
      int group,
      int source,
      int count,
      int size,
      MemorySegment memory,
      long to) {
    long at = to;
    int block = DepthBlocks.length(size);
    for (int depthStart = 0; depthStart < size; depthStart += block) {
      int depth = Math.min(block, size - depthStart);
      sourcePanels.packColumns(
          from,
          sourceOffset(batch, group, source, size) + 4L * depthStart,
          sourceStride(size),
          count,
          depth,
          memory,
          at);
      at += sourcePanels.bytes(depth);
    }
  }

  /**
   * The products of a strip of rows with a block of packed sources.
   *
   * @param spare a strip of scores, used where vectors are longer than a block of depth
   */
  final void multiply(
      AttentionScratch scratch,
      MemorySegment from,
      int batch,
      int head,
      int row,
      int count,
      int size,
      long panels,
      int countSources,
      long to,
      long spare) {
    MemorySegment memory = scratch.memory();
    long at = panels;
    int block = DepthBlocks.length(size);
    int depthStart = 0;
    do {
      int depth = Math.min(block, size - depthStart);
      tiles
          .moves()
          .copyRows(
              from,
              rowOffset(batch, head, row, size) + 4L * depthStart,
              rowStride(size),
              count,
              depth,
              scratch.strips,
              QUERY_STRIP,
              TileSet.ROW_PITCH);
      sourcePanels.multiply(
          scratch.strips,
          QUERY_STRIP,
          StripLayout.BY_ROW,
          memory,
          at,
          depth,
          0,
          depth,
          countSources,
          memory,
          depthStart == 0 ? to : spare,
          4L * SCORE_PITCH);
      if (depthStart > 0) {
        add(memory, spare, to, count, countSources);
      }
      at += sourcePanels.bytes(depth);
      depthStart += depth;
    } while (depthStart < size);
  }

  private void add(MemorySegment memory, long spare, long to, int count, int countSources) {
    tiles
        .moves()
        .storeTile(
            ElementKind.F32,
            memory,
            spare,
            4L * SCORE_PITCH,
            count,
            countSources,
            memory,
            to,
            4L * SCORE_PITCH,
            true);
  }

  /** The next multiple of the lanes. */
  static int padded(int count) {
    return Math.ceilDiv(count, AttentionRows.LANES) * AttentionRows.LANES;
  }

  /** Fills the end of a row of scores, up to a multiple of the lanes. */
  static void pad(MemorySegment scores, long offset, int count, float padding) {
    for (int i = count; i < padded(count); i++) {
      scores.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + 4L * i, padding);
    }
  }

  /** Finds which sources of a block the mask hides from a row; nothing without a mask. */
  final void findHidden(
      AttentionScratch scratch,
      @Nullable MemorySegment mask,
      int batch,
      int row,
      int source,
      int count) {
    if (mask == null) {
      return;
    }
    long line =
        switch (shape.mask()) {
          case NONE, BY_SOURCE -> batch;
          case BY_PAIR -> (long) batch * shape.targets() + (shape.targets() == 1 ? 0 : row);
        };
    long from = line * shape.sources() + source;
    for (int i = 0; i < count; i++) {
      scratch.hidden[i] = mask.get(ValueLayout.JAVA_BYTE, from + i) == 0 ? 1 : 0;
    }
  }
}
