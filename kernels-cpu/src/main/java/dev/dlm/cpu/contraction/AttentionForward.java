package dev.dlm.cpu.contraction;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.dlm.cpu.math.FloatMath;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention, block by block: a task takes some rows of one head, and for each block of sources
 * strip by strip the scores, their weights and the weighted sums of values. With the largest score
 * and the sum of weights of the blocks so far, each block's weights are right up to a factor, by
 * which the sums are corrected once a larger score is found.
 */
final class AttentionForward extends Attention {
  private static final int WEIGHT_STRIP = Scratch.STRIP_PITCH;

  /** So many tasks keep several threads busy to the end. */
  private static final int WANTED_TASKS = 16;

  private final MemorySegment query;
  private final MemorySegment key;
  private final MemorySegment values;
  private final @Nullable MemorySegment mask;
  private final MemorySegment result;
  private final MemorySegment logSums;
  private final int blockRows;
  private final long valuesAt;
  private final long scoresAt;
  private final long spareAt;
  private final long sumsAt;
  private final long scratchBytes;

  AttentionForward(
      TileSet tiles,
      AttentionShape shape,
      MemorySegment query,
      MemorySegment key,
      MemorySegment values,
      @Nullable MemorySegment mask,
      MemorySegment result,
      MemorySegment logSums) {
    super(tiles, shape, blockRows(shape));
    this.query = query;
    this.key = key;
    this.values = values;
    this.mask = mask;
    this.result = result;
    this.logSums = logSums;
    this.blockRows = blockRows(shape);
    long scoreBytes = 4L * SCORE_PITCH * tileRows;
    this.valuesAt = sourcePanelBytes(shape.keySize());
    this.scoresAt = valuesAt + valuePanels.bytes(SOURCE_BLOCK);
    this.spareAt = scoresAt + scoreBytes;
    this.sumsAt = spareAt + scoreBytes;
    this.scratchBytes = sumsAt + sumBytes() * tileRows;
  }

  private long sumBytes() {
    return 4L * valuePanels.paddedColumns();
  }

  private static int blockRows(AttentionShape shape) {
    long all = (long) shape.batch() * shape.targets() * shape.heads();
    int wanted = (int) Math.min(MAX_ROWS, Math.ceilDiv(all, WANTED_TASKS));
    return Math.clamp(Math.ceilDiv(wanted, CHUNK) * CHUNK, 4 * CHUNK, MAX_ROWS);
  }

  private int rowBlocks() {
    return Math.ceilDiv(rows.count(), blockRows);
  }

  @Override
  int tasks() {
    return Math.multiplyExact(Math.multiplyExact(shape.batch(), rows.heads()), rowBlocks());
  }

  @Override
  public void run(int task) {
    int blocks = rowBlocks();
    int head = task / blocks % rows.heads();
    int batch = task / blocks / rows.heads();
    int rowStart = task % blocks * blockRows;
    int rowEnd = Math.min(rows.count(), rowStart + blockRows);
    AttentionScratch scratch = AttentionScratch.borrow(scratchBytes);
    try {
      computeRows(scratch, batch, head, rowStart, rowEnd);
    } finally {
      scratch.giveBack();
    }
  }

  private void computeRows(
      AttentionScratch scratch, int batch, int head, int rowStart, int rowEnd) {
    int group = group(head);
    int limit = shape.limit(rows, rowEnd);
    for (int row = rowStart; row < rowEnd; row++) {
      boolean hides = shape.limit(rows, row + 1) < shape.sources();
      scratch.largest[row - rowStart] = hides ? HIDDEN : Float.NEGATIVE_INFINITY;
    }
    int source = 0;
    do {
      int count = Math.min(SOURCE_BLOCK, limit - source);
      packSources(key, batch, group, source, count, shape.keySize(), scratch.memory(), 0);
      valuePanels.packRows(
          values,
          sourceOffset(batch, group, source, shape.valueSize()),
          sourceStride(shape.valueSize()),
          count,
          scratch.memory(),
          valuesAt);
      if (shape.mask() == AttentionShape.Mask.BY_SOURCE) {
        findHidden(scratch, mask, batch, 0, source, count);
      }
      for (int chunk = rowStart; chunk < rowEnd; chunk += chunkRows) {
        int chunkEnd = Math.min(rowEnd, chunk + chunkRows);
        int ownLimit = shape.limit(rows, chunkEnd);
        if (source == 0 || source < ownLimit) {
          boolean last = source + SOURCE_BLOCK >= ownLimit;
          for (int row = chunk; row < chunkEnd; row += tileRows) {
            int end = Math.min(chunkEnd, row + tileRows);
            int own = Math.min(count, ownLimit - source);
            computeStrip(scratch, batch, head, rowStart, row, end, source, count, own, last);
          }
        }
      }
      source += SOURCE_BLOCK;
    } while (source < limit);
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
      int count,
      boolean last) {
    MemorySegment memory = scratch.memory();
    int keySize = shape.keySize();
    multiply(scratch, query, batch, head, row, rowEnd - row, keySize, 0, count, scoresAt, spareAt);
    for (int at = row; at < rowEnd; at++) {
      int weights = WEIGHT_STRIP + (at - row) * TileSet.ROW_PITCH;
      weigh(scratch, batch, at, at - firstRow, source, count, rowAt(at - row), weights);
    }
    valuePanels.multiply(
        scratch.strips,
        WEIGHT_STRIP,
        StripLayout.BY_ROW,
        memory,
        valuesAt,
        packed,
        0,
        count,
        shape.valueSize(),
        memory,
        sumsAt,
        sumBytes());
    for (int at = row; at < rowEnd; at++) {
      store(
          scratch, batch, head, at, at - firstRow, sumsAt + (at - row) * sumBytes(), source, last);
    }
  }

  private long rowAt(int rowOfStrip) {
    return scoresAt + 4L * SCORE_PITCH * rowOfStrip;
  }

  /** Makes weights of the scores of one row, and corrects the row's sum of weights. */
  private void weigh(
      AttentionScratch scratch,
      int batch,
      int row,
      int place,
      int source,
      int count,
      long scores,
      int weights) {
    int visible = visible(row, source, count);
    int padded = padded(visible);
    if (shape.mask() != AttentionShape.Mask.NONE) {
      if (shape.mask() == AttentionShape.Mask.BY_PAIR) {
        findHidden(scratch, mask, batch, row, source, visible);
      }
      arithmetic.hide(scratch.memory(), scores, padded, scratch.hidden, 0, HIDDEN);
    }
    pad(scratch.memory(), scores, visible, Float.NEGATIVE_INFINITY);
    float before = scratch.largest[place];
    float largest = arithmetic.largest(scratch.memory(), scores, padded, before);
    float sum = 0;
    if (largest == HIDDEN || visible == 0) {
      Arrays.fill(scratch.strips, weights, weights + count, 0);
    } else {
      float shift = largest * shape.scale();
      sum =
          arithmetic.weigh(
              scratch.memory(),
              scores,
              padded,
              shape.scale(),
              shift,
              scratch.strips,
              weights,
              scratch.lanes);
      Arrays.fill(scratch.strips, weights + visible, weights + count, 0);
    }
    if (source == 0) {
      scratch.sums[place] = sum;
      scratch.decays[place] = 0;
    } else {
      float decay =
          largest == before
              ? 1
              : FloatMath.exp(Math.fma(before, shape.scale(), -largest * shape.scale()));
      scratch.sums[place] = Math.fma(scratch.sums[place], decay, sum);
      scratch.decays[place] = decay;
    }
    scratch.largest[place] = largest;
  }

  private void store(
      AttentionScratch scratch,
      int batch,
      int head,
      int row,
      int place,
      long sums,
      int source,
      boolean last) {
    long to = rowOffset(batch, head, row, shape.valueSize());
    float total = scratch.sums[place];
    float factor = last && total != 0 ? 1 / total : 1;
    if (source == 0) {
      arithmetic.scale(scratch.memory(), sums, result, to, shape.valueSize(), factor);
    } else {
      arithmetic.add(
          scratch.memory(), sums, result, to, shape.valueSize(), scratch.decays[place], factor);
    }
    if (last) {
      float logSum = total == 0 ? 0 : scratch.largest[place] * shape.scale() + FloatMath.log(total);
      logSums.set(JAVA_FLOAT_UNALIGNED, rowOffset(batch, head, row, 1), logSum);
    }
  }
}
