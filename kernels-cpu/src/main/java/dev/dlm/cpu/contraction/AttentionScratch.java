package dev.dlm.cpu.contraction;

import dev.dlm.cpu.ObjectPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Packed operands and scores of one task of an attention, borrowed for its time. */
final class AttentionScratch {
  private static final int STRIPS = 3;
  private static final ObjectPool<AttentionScratch> POOL =
      new ObjectPool<>(64, AttentionScratch::new);

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
    AttentionScratch scratch = POOL.borrow();
    if (scratch.memory.byteSize() < sizeBytes) {
      // Collected together with this object, which nothing closes.
      scratch.memory = Arena.ofAuto().allocate(sizeBytes, 64);
    }
    return scratch;
  }

  /** Panels and scores, as the borrower lays them out. */
  MemorySegment memory() {
    return memory;
  }

  void giveBack() {
    POOL.giveBack(this);
  }
}
