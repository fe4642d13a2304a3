package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of attention, block by block. A task takes one head of keys and all heads of queries
 * that share it, so that every sum has one writer. For each block of sources and each block of rows
 * it computes the weights again and the changes of the scores; from these the gradients of the rows
 * follow strip by strip, and then those of the sources, to which each block of rows adds.
 */
final class AttentionBackward extends Attention {
  private static final int CHANGE_STRIP = Scratch.STRIP_PITCH;
  private static final int SOURCE_STRIP = 2 * Scratch.STRIP_PITCH;

  /** Rows whose weights and changes are kept at a time. */
  private static final int BLOCK_ROWS = 4 * CHUNK;

  private static final long SCORE_ROW_BYTES = 4L * SCORE_PITCH;

  /**
   * The operands and results; names are those of {@link
   * dev.dlm.op.nn.ScaledDotProductAttentionGradient}.
   *
   * @param mask null if there is none
   */
  record Memory(
      MemorySegment query,
      MemorySegment key,
      MemorySegment values,
      MemorySegment logSums,
      MemorySegment upstream,
      MemorySegment offsets,
      @Nullable MemorySegment mask,
      MemorySegment queryGradient,
      MemorySegment keyGradient,
      MemorySegment valuesGradient) {}

  private final Memory memory;
  private final long valuesAt;
  private final long keyRowsAt;
  private final long queryRowsAt;
  private final long upstreamRowsAt;
  private final long weightsAt;
  private final long changesAt;
  private final long spareAt;
  private final long scratchBytes;

  AttentionBackward(TileSet tiles, AttentionShape shape, Memory memory) {
    super(tiles, shape, BLOCK_ROWS);
    this.memory = memory;
    long scoreBytes = SCORE_ROW_BYTES * (BLOCK_ROWS + tileRows);
    this.valuesAt = sourcePanelBytes(shape.keySize());
    this.keyRowsAt = valuesAt + sourcePanelBytes(shape.valueSize());
    this.queryRowsAt = keyRowsAt + keyPanels.bytes(SOURCE_BLOCK);
    this.upstreamRowsAt = queryRowsAt + keyPanels.bytes(BLOCK_ROWS);
    this.weightsAt = upstreamRowsAt + valuePanels.bytes(BLOCK_ROWS);
    this.changesAt = weightsAt + scoreBytes;
    this.spareAt = changesAt + scoreBytes;
    long widest = Math.max(keyPanels.paddedColumns(), valuePanels.paddedColumns());
    this.scratchBytes = spareAt + tileRows * Math.max(SCORE_ROW_BYTES, 4 * widest);
  }

  @Override
  int tasks() {
    return Math.multiplyExact(shape.batch(), shape.groups());
  }

  @Override
  public void run(int task) {
    AttentionScratch scratch = AttentionScratch.borrow(scratchBytes);
    try {
      computeGroup(scratch, task / shape.groups(), task % shape.groups());
    } finally {
      scratch.giveBack();
    }
  }

  private void computeGroup(AttentionScratch scratch, int batch, int group) {
    int source = 0;
    do {
      int count = Math.min(SOURCE_BLOCK, shape.sources() - source);
      packBlock(scratch, batch, group, source, count);
      for (int i = 0; i < rows.headsOfGroup(); i++) {
        int head = group * rows.headsOfGroup() + i;
        for (int row = 0; row < rows.count(); row += BLOCK_ROWS) {
          int rowEnd = Math.min(rows.count(), row + BLOCK_ROWS);
          if (source == 0 || shape.limit(rows, rowEnd) > source) {
            computeRows(scratch, batch, head, row, rowEnd, source, count);
            addToSources(scratch, batch, group, i == 0, row, rowEnd, source, count);
          }
        }
      }
      source += SOURCE_BLOCK;
    } while (source < shape.sources());
  }

  private void packBlock(AttentionScratch scratch, int batch, int group, int source, int count) {
    MemorySegment to = scratch.memory();
    int keySize = shape.keySize();
    packSources(memory.key(), batch, group, source, count, keySize, to, 0);
    packSources(memory.values(), batch, group, source, count, shape.valueSize(), to, valuesAt);
    keyPanels.packRows(
        memory.key(),
        sourceOffset(batch, group, source, keySize),
        sourceStride(keySize),
        count,
        to,
        keyRowsAt);
    if (shape.mask() == AttentionShape.Mask.BY_SOURCE) {
      findHidden(scratch, memory.mask(), batch, 0, source, count);
    }
  }

  /** Weights, changes and the gradients of the queries of a block of rows. */
  private void computeRows(
      AttentionScratch scratch,
      int batch,
      int head,
      int rowStart,
      int rowEnd,
      int source,
      int count) {
    int depth = rowEnd - rowStart;
    packRows(
        keyPanels,
        memory.query(),
        batch,
        head,
        rowStart,
        depth,
        shape.keySize(),
        scratch,
        queryRowsAt);
    packRows(
        valuePanels,
        memory.upstream(),
        batch,
        head,
        rowStart,
        depth,
        shape.valueSize(),
        scratch,
        upstreamRowsAt);
    for (int chunk = rowStart; chunk < rowEnd; chunk += chunkRows) {
      int chunkEnd = Math.min(rowEnd, chunk + chunkRows);
      int own = Math.min(count, shape.limit(rows, chunkEnd) - source);
      if (own > 0 || source == 0) {
        for (int row = chunk; row < chunkEnd; row += tileRows) {
          int end = Math.min(chunkEnd, row + tileRows);
          computeStrip(scratch, batch, head, rowStart, row, end, source, count, own);
        }
      }
    }
  }

  private void packRows(
      PanelSet panels,
      MemorySegment from,
      int batch,
      int head,
      int row,
      int count,
      int size,
      AttentionScratch scratch,
      long to) {
    panels.packRows(
        from, rowOffset(batch, head, row, size), rowStride(size), count, scratch.memory(), to);
  }

  private void computeStrip(
      AttentionScratch scratch,
      int batch,
      int head,
      int firstRow,
      int row,
      int rowEnd,
      int source,
      int packed,
      int count) {
    int height = rowEnd - row;
    long weights = weightsAt + SCORE_ROW_BYTES * (row - firstRow);
    long changes = changesAt + SCORE_ROW_BYTES * (row - firstRow);
    int keySize = shape.keySize();
    int valueSize = shape.valueSize();
    multiply(
        scratch, memory.query(), batch, head, row, height, keySize, 0, count, weights, spareAt);
    multiply(
        scratch,
        memory.upstream(),
        batch,
        head,
        row,
        height,
        valueSize,
        valuesAt,
        count,
        changes,
        spareAt);
    for (int i = 0; i < height; i++) {
      long at = SCORE_ROW_BYTES * i;
      change(scratch, batch, head, row + i, source, count, weights + at, changes + at, i);
    }
    keyPanels.multiply(
        scratch.strips,
        CHANGE_STRIP,
        StripLayout.BY_ROW,
        scratch.memory(),
        keyRowsAt,
        packed,
        0,
        count,
        keySize,
        scratch.memory(),
        spareAt,
        4L * keyPanels.paddedColumns());
    store(
        scratch,
        keyPanels,
        height,
        keySize,
        memory.queryGradient(),
        rowOffset(batch, head, row, keySize),
        rowStride(keySize),
        source > 0);
  }

  /** Makes weights and changes of one row of scores and products. */
  private void change(
      AttentionScratch scratch,
      int batch,
      int head,
      int row,
      int source,
      int count,
      long weights,
      long changes,
      int rowOfStrip) {
    MemorySegment scores = scratch.memory();
    int visible = visible(row, source, count);
    int padded = padded(visible);
    pad(scores, weights, visible, Float.NEGATIVE_INFINITY);
    pad(scores, changes, visible, 0);
    int strip = CHANGE_STRIP + rowOfStrip * TileSet.ROW_PITCH;
    long place = rowOffset(batch, head, row, 1);
    arithmetic.change(
        scores,
        weights,
        scores,
        changes,
        padded,
        shape.scale(),
        memory.logSums().get(JAVA_FLOAT_UNALIGNED, place),
        memory.offsets().get(JAVA_FLOAT_UNALIGNED, place),
        scratch.strips,
        strip);
    if (shape.mask() != AttentionShape.Mask.NONE) {
      if (shape.mask() == AttentionShape.Mask.BY_PAIR) {
        findHidden(scratch, memory.mask(), batch, row, source, visible);
      }
      arithmetic.hide(scores, weights, padded, scratch.hidden, 0, 0);
      arithmetic.hide(scores, changes, padded, scratch.hidden, 0, 0);
      for (int i = 0; i < visible; i++) {
        scratch.strips[strip + i] = scratch.hidden[i] == 0 ? scratch.strips[strip + i] : 0;
      }
    }
    // Chunks of sources read the weights of whole chunks of rows.
    int end = rows.causal() ? Math.ceilDiv(count, CHUNK) * CHUNK : count;
    for (int i = visible; i < end; i++) {
      scores.set(JAVA_FLOAT_UNALIGNED, weights + 4L * i, 0);
      scores.set(JAVA_FLOAT_UNALIGNED, changes + 4L * i, 0);
      scratch.strips[strip + i] = 0;
    }
  }

  /** Adds what a block of rows gives to the gradients of keys and values. */
  private void addToSources(
      AttentionScratch scratch,
      int batch,
      int group,
      boolean firstHead,
      int rowStart,
      int rowEnd,
      int source,
      int count) {
    int chunkSources = rows.causal() ? CHUNK : count;
    for (int chunk = 0; chunk < count; chunk += chunkSources) {
      int chunkEnd = Math.min(count, chunk + chunkSources);
      int first = firstRow(source + chunk);
      int depthStart = Math.max(first, rowStart) - rowStart;
      if (depthStart < rowEnd - rowStart) {
        boolean accumulate = !(firstHead && first >= rowStart);
        for (int at = chunk; at < chunkEnd; at += tileRows) {
          int height = Math.min(tileRows, chunkEnd - at);
          int valueSize = shape.valueSize();
          int depth = rowEnd - rowStart;
          multiplySources(
              scratch,
              valuePanels,
              weightsAt,
              upstreamRowsAt,
              at,
              height,
              depthStart,
              depth,
              valueSize);
          store(
              scratch,
              valuePanels,
              height,
              valueSize,
              memory.valuesGradient(),
              sourceOffset(batch, group, source + at, valueSize),
              sourceStride(valueSize),
              accumulate);
          int keySize = shape.keySize();
          multiplySources(
              scratch, keyPanels, changesAt, queryRowsAt, at, height, depthStart, depth, keySize);
          store(
              scratch,
              keyPanels,
              height,
              keySize,
              memory.keyGradient(),
              sourceOffset(batch, group, source + at, keySize),
              sourceStride(keySize),
              accumulate);
        }
      }
    }
  }

  /** The first row of the first chunk of rows that meets a source. */
  private int firstRow(int source) {
    if (!rows.causal()) {
      return 0;
    }
    int row = Math.max(0, source - (shape.sources() - shape.targets()));
    return row / CHUNK * CHUNK;
  }

  /** The products of some sources, as rows, with the vectors of a block of rows, as its depth. */
  private void multiplySources(
      AttentionScratch scratch,
      PanelSet panels,
      long scores,
      long panelsAt,
      int source,
      int height,
      int depthStart,
      int depth,
      int columns) {
    tiles
        .moves()
        .copyRows(
            scratch.memory(),
            scores + SCORE_ROW_BYTES * depthStart + 4L * source,
            SCORE_ROW_BYTES,
            depth - depthStart,
            height,
            scratch.strips,
            SOURCE_STRIP,
            TileSet.DEPTH_PITCH);
    panels.multiply(
        scratch.strips,
        SOURCE_STRIP,
        StripLayout.BY_DEPTH,
        scratch.memory(),
        panelsAt,
        depth,
        depthStart,
        depth - depthStart,
        columns,
        scratch.memory(),
        spareAt,
        4L * panels.paddedColumns());
  }

  private void store(
      AttentionScratch scratch,
      PanelSet panels,
      int height,
      int columns,
      MemorySegment target,
      long to,
      long rowStride,
      boolean accumulate) {
    tiles
        .moves()
        .storeTile(
            ElementKind.F32,
            scratch.memory(),
            spareAt,
            4L * panels.paddedColumns(),
            height,
            columns,
            target,
            to,
            rowStride,
            accumulate);
  }
}
