package dev.dlm.runtime.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 50, unit = TimeUnit.SECONDS)
class WorkerPoolTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void run_doesEveryTaskOnce(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int tasks : new int[] {0, 1, 2, 7, 100, 1000}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, tasks));
        pool.run(tasks, runs::incrementAndGet);
        for (int i = 0; i < tasks; i++) {
          assertThat(runs.get(i)).as("task %d of %d", i, tasks).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void run_showsTheTasksPlainWritesToTheCaller() {
    try (WorkerPool pool = new WorkerPool(4)) {
      int[] written = new int[64];
      for (int round = 1; round <= 20_000; round++) {
        int value = round;
        pool.run(written.length, i -> written[i] = value + i);
        for (int i = 0; i < written.length; i++) {
          if (written[i] != value + i) {
            assertThat(written[i]).as("round %d task %d", round, i).isEqualTo(value + i);
          }
        }
      }
      assertThat(written[63]).isEqualTo(20_063);
    }
  }

  @Test
  void run_usesTheWorkersBesidesTheCaller() {
    try (WorkerPool pool = new WorkerPool(3)) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      CountDownLatch all = new CountDownLatch(3);
      pool.run(
          3,
          i -> {
            seen.add(Thread.currentThread());
            all.countDown();
            awaitQuietly(all);
          });
      assertThat(seen).hasSize(3).contains(Thread.currentThread());
    }
  }

  @Test
  void run_givesEachThreadNeighbouringTasks() {
    try (WorkerPool pool = new WorkerPool(2)) {
      Thread[] ran = new Thread[64];
      CountDownLatch both = new CountDownLatch(2);
      Set<Thread> arrived = ConcurrentHashMap.newKeySet();
      pool.run(
          ran.length,
          i -> {
            ran[i] = Thread.currentThread();
            if (arrived.add(ran[i])) {
              both.countDown();
              awaitQuietly(both);
            }
          });
      // The first claims of both are made before either goes on.
      assertThat(Set.of(ran[0], ran[32])).hasSize(2);
      for (int i = 0; i < 8; i++) {
        assertThat(ran[i]).as("task %d", i).isSameAs(ran[0]);
        assertThat(ran[32 + i]).as("task %d", 32 + i).isSameAs(ran[32]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void run_ofRanges_coversEveryTaskOnce(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int tasks : new int[] {1, 2, 9, 333}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        AtomicInteger calls = new AtomicInteger();
        pool.run(
            tasks,
            new WorkerPool.Task() {
              @Override
              public void run(int index) {
                throw new AssertionError("one by one");
              }

              @Override
              public void run(int from, int to) {
                calls.incrementAndGet();
                for (int i = from; i < to; i++) {
                  runs.incrementAndGet(i);
                }
              }
            });
        for (int i = 0; i < tasks; i++) {
          assertThat(runs.get(i)).as("task %d of %d", i, tasks).isEqualTo(1);
        }
        assertThat(calls.get()).isBetween(1, tasks > 100 ? tasks / 3 : tasks);
      }
    }
  }

  @Test
  void run_nestsWithoutDeadlock() {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger leaves = new AtomicInteger();
      for (int round = 0; round < 200; round++) {
        pool.run(4, i -> pool.run(4, j -> pool.run(3, k -> leaves.incrementAndGet())));
      }
      assertThat(leaves).hasValue(200 * 48);
    }
  }

  @Test
  void run_servesManyCallersAtOnce() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      AtomicLong sum = new AtomicLong();
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < 40; c++) {
        Thread.Builder builder = c % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        callers.add(
            builder.start(() -> {
              for (int round = 0; round < 200; round++) {
                pool.run(10, sum::addAndGet);
              }
            }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(sum).hasValue(40L * 200 * 45);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void run_throwsTheTasksExceptionAndStaysUsable(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int round = 0; round < 100; round++) {
        assertThatThrownBy(() ->
                pool.run(
                    20,
                    i -> {
                      if (i == 7) {
                        throw new IllegalStateException("seven");
                      }
                    }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("seven");
        AtomicInteger runs = new AtomicInteger();
        pool.run(20, i -> runs.incrementAndGet());
        assertThat(runs).hasValue(20);
      }
    }
  }

  @Test
  void run_throwsErrorsToo() {
    try (WorkerPool pool = new WorkerPool(2)) {
      assertThatThrownBy(() ->
              pool.run(
                  9,
                  i -> {
                    throw new AssertionError("task " + i);
                  }))
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("task ");
    }
  }

  @Test
  void run_keepsTheCallersInterrupt() {
    try (WorkerPool pool = new WorkerPool(2)) {
      Thread.currentThread().interrupt();
      pool.run(2, i -> spinMillis(5));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void run_wakesWorkersThatSleep() {
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int round = 0; round < 20; round++) {
        spinMillis(2);
        CountDownLatch both = new CountDownLatch(2);
        pool.run(
            2,
            i -> {
              both.countDown();
              awaitQuietly(both);
            });
        assertThat(both.getCount()).isZero();
      }
    }
  }

  @Test
  void run_afterPausesOfAnyLength_doesEveryTaskOnce() throws InterruptedException {
    int callers = 3;
    int rounds = 150;
    try (WorkerPool pool = new WorkerPool(3)) {
      AtomicLong sum = new AtomicLong();
      List<Thread> threads = new ArrayList<>();
      for (int c = 0; c < callers; c++) {
        Random random = new Random(c);
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int round = 0; round < rounds; round++) {
                    // From none to more than a worker's patience: some of them sleep, some do not.
                    spinMicros((long) (2000 * Math.pow(random.nextDouble(), 4)));
                    pool.run(
                        7,
                        i -> {
                          spinMicros(10 * i);
                          sum.addAndGet(i);
                        });
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(sum).hasValue(21L * callers * rounds);
    }
  }

  @Test
  void idleWorkers_sleep() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      Set<Thread> workers = ConcurrentHashMap.newKeySet();
      CountDownLatch all = new CountDownLatch(3);
      pool.run(
          3,
          i -> {
            workers.add(Thread.currentThread());
            all.countDown();
            awaitQuietly(all);
          });
      workers.remove(Thread.currentThread());
      assertThat(workers).hasSize(2);
      for (Thread worker : workers) {
        while (worker.getState() != Thread.State.WAITING) {
          Thread.sleep(1);
        }
      }
    }
  }

  @Test
  void close_endsTheWorkersAndLeavesTheCallerToRunTasks() {
    WorkerPool pool = new WorkerPool(4);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    pool.run(50, i -> seen.add(Thread.currentThread()));
    pool.close();
    seen.remove(Thread.currentThread());
    assertThat(seen).allSatisfy(thread -> assertThat(thread.isAlive()).isFalse());
    Set<Thread> later = ConcurrentHashMap.newKeySet();
    pool.run(50, i -> later.add(Thread.currentThread()));
    assertThat(later).containsExactly(Thread.currentThread());
  }

  @Test
  void constructor_refusesNoThreads() {
    assertThatThrownBy(() -> new WorkerPool(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void spinMillis(long millis) {
    spinMicros(1000 * millis);
  }

  private static void spinMicros(long micros) {
    long end = System.nanoTime() + 1000 * micros;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
