package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads batches ahead on one background thread into a fixed set of native buffers; in steady state
 * nothing is allocated.
 *
 * <pre>{@code
 * try (BatchLoader loader = BatchLoader.start(source, inputs, Options.shuffled(128, seed))) {
 *   while (loader.advance()) {
 *     step(loader.batch());
 *   }
 * }
 * }</pre>
 *
 * <p>The order of examples follows from seed and epoch alone, so a loader that is started at a
 * later epoch and batch gives the same batches as one that went there. {@link #advance} and {@link
 * #batch} belong to one thread at a time; {@link #close} may be called from any.
 */
public final class BatchLoader implements AutoCloseable {
  private static final int ALIGNMENT_BYTES = 64;

  /**
   * What one input of the model is fed with.
   *
   * @param column index into the columns of the source
   * @param dtype the element type that the input wants
   * @param exampleShape the shape that the input wants for one example
   */
  public record Input(int column, DType dtype, List<Long> exampleShape) {
    public Input {
      exampleShape = List.copyOf(exampleShape);
    }
  }

  /**
   * How to go through the examples.
   *
   * @param batchSize examples in a batch, at least one
   * @param keepsPartial whether the rest of an epoch makes a smaller batch or is left out
   * @param shuffleSeed empty for the order of the source
   * @param prefetch batches read ahead, at least one
   * @param firstEpoch where to begin
   * @param firstBatch where to begin within the first epoch; may be the number of batches of an
   *     epoch, which is the start of the next
   * @param endEpoch the epoch before which to end
   */
  public record Options(
      int batchSize,
      boolean keepsPartial,
      OptionalLong shuffleSeed,
      int prefetch,
      long firstEpoch,
      long firstBatch,
      long endEpoch) {

    private static final int DEFAULT_PREFETCH = 3;

    public Options {
      if (batchSize < 1 || prefetch < 1 || firstEpoch < 0 || firstBatch < 0) {
        throw new IllegalArgumentException(
            "batch size %d, prefetch %d, first epoch %d, first batch %d"
                .formatted(batchSize, prefetch, firstEpoch, firstBatch));
      }
    }

    /** All examples once, in the order of the source, the last batch as small as it comes. */
    public static Options sequential(int batchSize) {
      return new Options(batchSize, true, OptionalLong.empty(), DEFAULT_PREFETCH, 0, 0, 1);
    }

    /** Epochs without end, each in its own order, whole batches only. */
    public static Options shuffled(int batchSize, long seed) {
      return new Options(
          batchSize, false, OptionalLong.of(seed), DEFAULT_PREFETCH, 0, 0, Long.MAX_VALUE);
    }

    /** With smaller last batches, or without. */
    public Options keepingPartial(boolean keeps) {
      return new Options(batchSize, keeps, shuffleSeed, prefetch, firstEpoch, firstBatch, endEpoch);
    }

    /** Beginning at a batch of an epoch. */
    public Options from(long epoch, long batch) {
      return new Options(batchSize, keepsPartial, shuffleSeed, prefetch, epoch, batch, endEpoch);
    }

    /** Ending before an epoch. */
    public Options until(long epoch) {
      return new Options(
          batchSize, keepsPartial, shuffleSeed, prefetch, firstEpoch, firstBatch, epoch);
    }

    /** Reading this many batches ahead. */
    public Options prefetching(int batches) {
      return new Options(
          batchSize, keepsPartial, shuffleSeed, batches, firstEpoch, firstBatch, endEpoch);
    }
  }

  private final Options options;
  private final Batch.Plan plan;
  private final long countExamples;
  private final List<ColumnReader> readers;
  private final Arena arena = Arena.ofShared();
  private final Batch[] slots;
  private final Thread thread;

  // Guarded by lock: batches are numbered in the order in which they are made.
  private final Object lock = new Object();
  private long made;
  private long returned;
  private boolean holding;
  private boolean finished;
  private boolean closed;
  private @Nullable Throwable failure;

  private BatchLoader(
      DataSource source, List<ColumnReader> readers, Options options, Batch.Plan plan) {
    this.options = options;
    this.plan = plan;
    this.countExamples = source.countExamples();
    this.readers = List.copyOf(readers);
    // One more than is read ahead: the batch that the consumer holds.
    this.slots = new Batch[options.prefetch() + 1];
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = newBatch();
    }
    this.thread = Thread.ofPlatform().daemon().name("dlm-batch-loader").unstarted(this::produce);
  }

  /**
   * Starts reading.
   *
   * @throws GraphException with code {@code data-mismatch} if an input cannot be fed from its
   *     column, or the source is smaller than one batch and partial batches are left out
   */
  public static BatchLoader start(DataSource source, List<Input> inputs, Options options) {
    Batch.Plan plan =
        Batch.Plan.of(source.countExamples(), options.batchSize(), options.keepsPartial());
    if (plan.batchesPerEpoch() == 0) {
      throw DataDiagnostics.mismatch(
          "the batch of %d examples is larger than the data, which hold %d"
              .formatted(options.batchSize(), source.countExamples()));
    }
    if (options.firstBatch() > plan.batchesPerEpoch()) {
      throw DataDiagnostics.mismatch(
          "cannot go on at batch %d: an epoch has %d batches"
              .formatted(options.firstBatch(), plan.batchesPerEpoch()));
    }
    List<ColumnReader> readers =
        inputs.stream()
            .map(input -> source.reader(input.column(), input.dtype(), input.exampleShape()))
            .toList();
    BatchLoader loader = new BatchLoader(source, readers, options, plan);
    loader.thread.start();
    return loader;
  }

  private Batch newBatch() {
    MemorySegment[] whole = new MemorySegment[readers.size()];
    MemorySegment[] partial = new MemorySegment[readers.size()];
    for (int input = 0; input < whole.length; input++) {
      long exampleBytes = readers.get(input).exampleBytes();
      whole[input] = arena.allocate(plan.batchSize() * exampleBytes, ALIGNMENT_BYTES);
      partial[input] = whole[input].asSlice(0, plan.partialCount() * exampleBytes);
    }
    return new Batch(whole, partial, plan);
  }

  /** Batches of one epoch. */
  public long batchesPerEpoch() {
    return plan.batchesPerEpoch();
  }

  /**
   * Gives the current batch back and waits for the next one.
   *
   * @return whether there is a next one
   * @throws GraphException or another unchecked exception if reading failed, after the batches that
   *     were read before
   * @throws IllegalStateException if the loader is closed, or the thread is interrupted, which
   *     stays marked
   */
  public boolean advance() {
    synchronized (lock) {
      if (holding) {
        holding = false;
        returned++;
        lock.notifyAll();
      }
      while (made == returned && !finished && failure == null && !closed) {
        await();
      }
      if (closed) {
        throw new IllegalStateException("the batch loader is closed");
      }
      if (made > returned) {
        holding = true;
        return true;
      }
      rethrow(failure);
      return false;
    }
  }

  /**
   * The current batch.
   *
   * @throws IllegalStateException if the last {@link #advance} did not give one
   */
  public Batch batch() {
    synchronized (lock) {
      if (!holding || closed) {
        throw new IllegalStateException("there is no current batch");
      }
      return slots[(int) (returned % slots.length)];
    }
  }

  /** Ends the background thread and frees the buffers, those of the current batch too. */
  @Override
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      lock.notifyAll();
    }
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // The buffers may go only after the thread that fills them.
        interrupted = true;
      }
    }
    arena.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Both callers loop over their own condition.
  private void await() {
    try {
      lock.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }

  private void produce() {
    try {
      readAll();
    } catch (RuntimeException | Error e) {
      synchronized (lock) {
        failure = e;
        lock.notifyAll();
      }
    }
  }

  private void readAll() {
    long[] examples = new long[options.batchSize()];
    long firstBatch = options.firstBatch();
    for (long epoch = options.firstEpoch(); epoch < options.endEpoch(); epoch++) {
      @Nullable Shuffle shuffle =
          options.shuffleSeed().isPresent()
              ? new Shuffle(options.shuffleSeed().getAsLong(), epoch, countExamples)
              : null;
      for (long index = firstBatch; index < plan.batchesPerEpoch(); index++) {
        if (!awaitFreeSlot()) {
          return;
        }
        fill(shuffle, epoch, index, examples);
      }
      firstBatch = 0;
    }
    synchronized (lock) {
      finished = true;
      lock.notifyAll();
    }
  }

  private boolean awaitFreeSlot() {
    synchronized (lock) {
      while (made - returned == slots.length && !closed) {
        await();
      }
      return !closed;
    }
  }

  private void fill(@Nullable Shuffle shuffle, long epoch, long index, long[] examples) {
    // Only this thread changes the count of made batches, so reading it needs no lock.
    Batch batch = slots[(int) (made % slots.length)];
    batch.place(epoch, index);
    int count = batch.countExamples();
    for (int i = 0; i < count; i++) {
      long position = index * plan.batchSize() + i;
      examples[i] = shuffle == null ? position : shuffle.at(position);
    }
    for (int input = 0; input < readers.size(); input++) {
      readers.get(input).gather(epoch, examples, 0, count, batch.input(input));
    }
    synchronized (lock) {
      made++;
      lock.notifyAll();
    }
  }
}
