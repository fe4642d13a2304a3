package dev.dlm.cpu.contraction;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Packed operands and scores of one task of an attention, borrowed for its time.
 *
 * <p>Kept for later tasks, which find them in the cache; there are as many as tasks ever ran at
 * once, and those beyond {@value #KEPT} are left to the garbage collector.
 */
final class AttentionScratch {
  private static final int KEPT = 64;
  private static final int STRIPS = 3;
  private static final AtomicReferenceArray<@Nullable AttentionScratch> FREE =
      new AtomicReferenceArray<>(KEPT);

  /** Strips of rows, {@link Scratch#STRIP_PITCH} apart. */
  final float[] strips = new float[STRIPS * Scratch.STRIP_PITCH];

  /** For each row of a task, the largest score so far. */
  final float[] largest = new float[Attention.MAX_ROWS];

  /** For each row of a task, the sum of its weights so far. */
  final float[] sums = new float[Attention.MAX_ROWS];

  /** For each row of a task, by how much a new block of sources lessens what was there. */
  final float[] decays = new float[Attention.MAX_ROWS];

  /** Of each source of a block, whether it must not be looked at: 0 or 1. */
  final float[] hidden = new float[Attention.SOURCE_BLOCK];

  final float[] lanes = new float[AttentionRows.LANES];

  private MemorySegment memory = MemorySegment.NULL;

  private AttentionScratch() {}

  static AttentionScratch borrow(long sizeBytes) {
    AttentionScratch scratch = null;
    for (int i = 0; i < KEPT && scratch == null; i++) {
      if (FREE.getPlain(i) != null) {
        scratch = FREE.getAndSet(i, null);
      }
    }
    AttentionScratch own = scratch == null ? new AttentionScratch() : scratch;
    if (own.memory.byteSize() < sizeBytes) {
      // Collected together with this object, which nothing closes.
      own.memory = Arena.ofAuto().allocate(sizeBytes, 64);
    }
    return own;
  }

  /** Panels and scores, as the borrower lays them out. */
  MemorySegment memory() {
    return memory;
  }

  void giveBack() {
    for (int i = 0; i < KEPT; i++) {
      if (FREE.getPlain(i) == null && FREE.compareAndSet(i, null, this)) {
        return;
      }
    }
  }
}
