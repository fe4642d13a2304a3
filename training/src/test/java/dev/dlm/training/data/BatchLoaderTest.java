package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.BatchLoader.Input;
import dev.dlm.training.data.BatchLoader.Options;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BatchLoaderTest {
  private static final List<Input> NUMBER = List.of(new Input(0, DType.I32, List.of()));

  @Test
  void sequential_givesAllExamplesOnceInOrder() {
    try (BatchLoader loader = BatchLoader.start(numbers(10), NUMBER, Options.sequential(4))) {
      assertThat(loader.batchesPerEpoch()).isEqualTo(3);
      assertThat(all(loader))
          .containsExactly("0/0 [0, 1, 2, 3]", "0/1 [4, 5, 6, 7]", "0/2 [8, 9] last");
      assertThat(loader.advance()).isFalse();
    }
  }

  @Test
  void sequential_leavesTheRestOutIfAsked() {
    Options options = Options.sequential(4).keepingPartial(false);
    try (BatchLoader loader = BatchLoader.start(numbers(10), NUMBER, options)) {
      assertThat(all(loader)).containsExactly("0/0 [0, 1, 2, 3]", "0/1 [4, 5, 6, 7] last");
    }
  }

  @Test
  void sequential_takesABatchLargerThanTheData() {
    try (BatchLoader loader = BatchLoader.start(numbers(3), NUMBER, Options.sequential(128))) {
      assertThat(all(loader)).containsExactly("0/0 [0, 1, 2] last");
    }
  }

  @Test
  void start_refusesABatchLargerThanTheDataWithoutPartialBatches() {
    assertThatThrownBy(() -> BatchLoader.start(numbers(100), NUMBER, Options.shuffled(128, 1)))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "error[data-mismatch]: the batch of 128 examples is larger than the data,"
                + " which hold 100");
  }

  @Test
  void start_refusesAPlaceBehindTheEpoch() {
    assertThatThrownBy(
            () -> BatchLoader.start(numbers(100), NUMBER, Options.shuffled(10, 1).from(0, 11)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("cannot go on at batch 11: an epoch has 10 batches");
  }

  @Test
  void start_refusesInputsThatDoNotFit() {
    assertThatThrownBy(() ->
            BatchLoader.start(
                numbers(100), List.of(new Input(0, DType.U8, List.of())), Options.sequential(1)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("holds i32, which does not become the u8");
  }

  @Test
  void options_refuseWhatMakesNoSense() {
    assertThatIllegalArgumentException().isThrownBy(() -> Options.sequential(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Options.sequential(1).prefetching(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Options.sequential(1).from(-1, 0));
  }

  @Test
  void shuffled_givesEveryExampleOnceAnEpochInAnotherOrder() {
    Options options = Options.shuffled(5, 1).until(2);
    List<String> orders = new ArrayList<>();
    try (BatchLoader loader = BatchLoader.start(numbers(20), NUMBER, options)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          assertThat(loader.advance()).isTrue();
          for (int number : values(loader.batch())) {
            order.add(number);
          }
        }
        assertThat(new TreeSet<>(order)).hasSize(20);
        orders.add(order.toString());
      }
      assertThat(loader.advance()).isFalse();
    }
    assertThat(orders.get(0)).isNotEqualTo(orders.get(1));
  }

  @Test
  void from_goesOnAsIfItHadNeverStopped() {
    Options whole = Options.shuffled(7, 9).keepingPartial(true).until(3);
    List<String> all;
    try (BatchLoader loader = BatchLoader.start(numbers(30), NUMBER, whole)) {
      all = all(loader);
    }
    assertThat(all).hasSize(15);
    for (int start = 0; start < 15; start++) {
      Options rest = whole.from(start / 5, start % 5).prefetching(1 + start % 4);
      try (BatchLoader loader = BatchLoader.start(numbers(30), NUMBER, rest)) {
        assertThat(all(loader)).isEqualTo(all.subList(start, 15));
      }
    }
    try (BatchLoader loader = BatchLoader.start(numbers(30), NUMBER, whole.from(0, 5))) {
      assertThat(all(loader)).isEqualTo(all.subList(5, 15));
    }
  }

  @Test
  void batch_isAlignedAndStaysUntilTheNextAdvance() {
    Options options = Options.shuffled(8, 1).prefetching(2);
    try (BatchLoader loader = BatchLoader.start(numbers(64), NUMBER, options)) {
      for (int i = 0; i < 200; i++) {
        assertThat(loader.advance()).isTrue();
        int[] before = values(loader.batch());
        assertThat(loader.batch().input(0).address() % 64).isZero();
        Thread.onSpinWait();
        assertThat(values(loader.batch())).isEqualTo(before);
      }
    }
  }

  @Test
  void batch_isAbsentBeforeTheFirstAdvanceAndAfterTheEnd() {
    try (BatchLoader loader = BatchLoader.start(numbers(1), NUMBER, Options.sequential(1))) {
      assertThatThrownBy(loader::batch).isInstanceOf(IllegalStateException.class);
      assertThat(loader.advance()).isTrue();
      assertThat(loader.advance()).isFalse();
      assertThatThrownBy(loader::batch).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void advance_showsErrorsOfReadingAfterTheBatchesBefore() {
    DataSource failing = new FailingSource(numbers(20), 8);
    try (BatchLoader loader = BatchLoader.start(failing, NUMBER, Options.sequential(4))) {
      assertThat(loader.advance()).isTrue();
      assertThat(loader.advance()).isTrue();
      assertThatThrownBy(loader::advance)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("example 8 cannot be read");
      assertThatThrownBy(loader::advance).hasMessage("example 8 cannot be read");
    }
  }

  @Test
  void close_endsTheThreadAndFreesTheBuffers() {
    BatchLoader loader = BatchLoader.start(numbers(64), NUMBER, Options.shuffled(8, 1));
    assertThat(loader.advance()).isTrue();
    MemorySegment values = loader.batch().input(0);
    loader.close();
    loader.close();
    assertThat(values.scope().isAlive()).isFalse();
    assertThatThrownBy(loader::advance)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the batch loader is closed");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("dlm-batch-loader") && thread.isAlive());
  }

  @Test
  void advance_saysThatItWasInterrupted() throws InterruptedException {
    BlockedSource blocked = new BlockedSource(numbers(4));
    try (BatchLoader loader = BatchLoader.start(blocked, NUMBER, Options.sequential(4))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(loader::advance)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      blocked.release.countDown();
    }
  }

  @Test
  void steadyState_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Options options = Options.shuffled(8, 1).keepingPartial(true).prefetching(2);
    try (BatchLoader loader = BatchLoader.start(numbers(83), NUMBER, options)) {
      long loaderId =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().equals("dlm-batch-loader"))
              .findFirst()
              .orElseThrow()
              .threadId();
      long here = Thread.currentThread().threadId();
      consume(loader, 5_500);
      long before = threads.getThreadAllocatedBytes(here);
      long beforeThere = threads.getThreadAllocatedBytes(loaderId);
      long sum = consume(loader, 11_000);
      long after = threads.getThreadAllocatedBytes(here);
      long afterThere = threads.getThreadAllocatedBytes(loaderId);
      assertThat(sum).isEqualTo(1_000L * 83 * 82 / 2);
      // The shuffle of each of the 1,000 epochs and the counters of the JVM themselves.
      assertThat(after - before).isLessThan(20_000);
      assertThat(afterThere - beforeThere).isLessThan(1_000 * 300);
    }
  }

  private static long consume(BatchLoader loader, int batches) {
    long sum = 0;
    for (int i = 0; i < batches; i++) {
      loader.advance();
      Batch batch = loader.batch();
      MemorySegment values = batch.input(0);
      int count = batch.countExamples();
      for (int k = 0; k < count; k++) {
        sum += values.getAtIndex(ValueLayout.JAVA_INT, k);
      }
    }
    return sum;
  }

  private static List<String> all(BatchLoader loader) {
    List<String> batches = new ArrayList<>();
    while (loader.advance()) {
      Batch batch = loader.batch();
      int[] values = values(batch);
      assertThat(values).hasSize(batch.countExamples());
      batches.add(
          "%d/%d %s%s"
              .formatted(
                  batch.epoch(),
                  batch.index(),
                  IntStream.of(values).boxed().toList(),
                  batch.isLastOfEpoch() ? " last" : ""));
    }
    return batches;
  }

  private static int[] values(Batch batch) {
    return batch.input(0).toArray(ValueLayout.JAVA_INT);
  }

  private static ArrayDataSource numbers(int count) {
    MemorySegment data = MemorySegment.ofArray(IntStream.range(0, count).toArray());
    return ArrayDataSource.of(
        List.of(
            new ArrayDataSource.ArrayColumn(
                new DataColumn("number", DType.I32, List.of()),
                data,
                new ArrayDataSource.Origin("numbers", 0, 4))));
  }

  /** Fails at one example. */
  private record FailingSource(DataSource source, long failing) implements DataSource {
    @Override
    public List<DataColumn> columns() {
      return source.columns();
    }

    @Override
    public long countExamples() {
      return source.countExamples();
    }

    @Override
    public void requireBelow(int column, long bound) {
      source.requireBelow(column, bound);
    }

    @Override
    public ColumnReader reader(int column, DType dtype, List<Long> exampleShape) {
      ColumnReader reader = source.reader(column, dtype, exampleShape);
      return new ColumnReader() {
        @Override
        public long exampleBytes() {
          return reader.exampleBytes();
        }

        @Override
        public void gather(
            long epoch, long[] examples, int from, int count, MemorySegment destination) {
          for (int i = from; i < from + count; i++) {
            if (examples[i] == failing) {
              throw new IllegalStateException("example " + failing + " cannot be read");
            }
          }
          reader.gather(epoch, examples, from, count, destination);
        }
      };
    }
  }

  /** Reads nothing before it is released. */
  private record BlockedSource(DataSource source, CountDownLatch release) implements DataSource {
    BlockedSource(DataSource source) {
      this(source, new CountDownLatch(1));
    }

    @Override
    public List<DataColumn> columns() {
      return source.columns();
    }

    @Override
    public long countExamples() {
      return source.countExamples();
    }

    @Override
    public void requireBelow(int column, long bound) {
      source.requireBelow(column, bound);
    }

    @Override
    public ColumnReader reader(int column, DType dtype, List<Long> exampleShape) {
      ColumnReader reader = source.reader(column, dtype, exampleShape);
      return new ColumnReader() {
        @Override
        public long exampleBytes() {
          return reader.exampleBytes();
        }

        @Override
        public void gather(
            long epoch, long[] examples, int from, int count, MemorySegment destination) {
          try {
            assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          reader.gather(epoch, examples, from, count, destination);
        }
      };
    }
  }
}
