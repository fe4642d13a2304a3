package dev.dlm.cpu.step;

import dev.dlm.op.random.Philox;
import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** {@link dev.dlm.op.random.RandomBits}: four words for each counter, ranges of counters shared. */
final class RandomBitsKernel implements BoundStep, WorkerPool.Task {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Elements of a task; a multiple of four. */
  private static final long TASK_ELEMENTS = 4096;

  private final MemorySegment key;
  private final MemorySegment counter;
  private final MemorySegment result;
  private final long count;
  private final WorkerPool pool;

  private RandomBitsKernel(StepBinding binding) {
    key = binding.segment(0);
    counter = binding.segment(1);
    result = binding.segment(2);
    count = binding.type(2).shape().count().asLong();
    pool = binding.pool();
  }

  static BoundStep bind(StepBinding binding) {
    return new RandomBitsKernel(binding);
  }

  @Override
  public void run() {
    pool.run(Math.toIntExact(Math.ceilDiv(count, TASK_ELEMENTS)), this);
  }

  /** Fills the elements of one task. */
  @Override
  public void run(int index) {
    long keyBits = key.get(LONG, 0);
    long counterBits = counter.get(LONG, 0);
    long end = Math.min((index + 1) * TASK_ELEMENTS, count);
    int[] words = new int[Philox.WORDS];
    for (long i = index * TASK_ELEMENTS; i < end; i += Philox.WORDS) {
      Philox.block(keyBits, counterBits, i / Philox.WORDS, words);
      int count = (int) Math.min(Philox.WORDS, end - i);
      for (int word = 0; word < count; word++) {
        result.set(INT, Integer.BYTES * (i + word), words[word]);
      }
    }
  }
}
