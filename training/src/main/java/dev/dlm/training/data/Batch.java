package dev.dlm.training.data;

import java.lang.foreign.MemorySegment;

/**
 * A batch of examples in native memory, lent by a {@link BatchLoader} until its next {@link
 * BatchLoader#advance()}.
 */
public final class Batch {
  private final MemorySegment[] whole;
  private final MemorySegment[] partial;
  private final long batchesPerEpoch;
  private final int wholeCount;
  private final int partialCount;
  private long epoch;
  private long index;

  Batch(MemorySegment[] whole, MemorySegment[] partial, Plan plan) {
    this.whole = whole;
    this.partial = partial;
    this.batchesPerEpoch = plan.batchesPerEpoch();
    this.wholeCount = plan.batchSize();
    this.partialCount = plan.partialCount();
  }

  /**
   * How the examples of an epoch fall into batches.
   *
   * @param partialCount examples of the last batch where it is smaller, else 0
   */
  record Plan(int batchSize, long batchesPerEpoch, int partialCount) {
    static Plan of(long examples, int batchSize, boolean keepsPartial) {
      int rest = (int) (examples % batchSize);
      int partialCount = keepsPartial ? rest : 0;
      return new Plan(batchSize, examples / batchSize + (partialCount > 0 ? 1 : 0), partialCount);
    }
  }

  void place(long newEpoch, long newIndex) {
    epoch = newEpoch;
    index = newIndex;
  }

  /** The epoch, from zero. */
  public long epoch() {
    return epoch;
  }

  /** The place within the epoch, from zero. */
  public long index() {
    return index;
  }

  /** Whether no further batch of this epoch follows. */
  public boolean isLastOfEpoch() {
    return index == batchesPerEpoch - 1;
  }

  /** The number of examples; smaller than asked for only in the last batch of an epoch. */
  public int countExamples() {
    return isPartial() ? partialCount : wholeCount;
  }

  /** The values of an input: exactly {@link #countExamples()} examples, 64-byte aligned. */
  public MemorySegment input(int input) {
    return isPartial() ? partial[input] : whole[input];
  }

  private boolean isPartial() {
    return partialCount > 0 && isLastOfEpoch();
  }
}
