package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 50, unit = TimeUnit.SECONDS)
class VariableLockTest {
  private static final int ROUNDS = 20_000;

  private final VariableLock lock = new VariableLock();

  /** Two numbers that are equal whenever nobody changes them. */
  private long first;

  private long second;

  @Test
  void readersSeeWholeChanges_andEveryChangeIsMade() throws Exception {
    int changers = 2;
    int readers = 3;
    try (ExecutorService threads = Executors.newFixedThreadPool(changers + readers + 1)) {
      List<Future<Integer>> torn = new ArrayList<>();
      for (int i = 0; i < changers; i++) {
        torn.add(threads.submit(this::change));
      }
      for (int i = 0; i < readers; i++) {
        torn.add(threads.submit(this::read));
      }
      torn.add(threads.submit(this::look));
      for (Future<Integer> thread : torn) {
        assertThat(thread.get()).isZero();
      }
    }
    assertThat(first).isEqualTo((long) changers * ROUNDS);
    assertThat(second).isEqualTo(first);
  }

  private int change() {
    for (int round = 0; round < ROUNDS; round++) {
      lock.enterAlone();
      first++;
      second++;
      lock.leaveAlone();
    }
    return 0;
  }

  private int read() {
    VariableLock.Reader reader = lock.newReader();
    int torn = 0;
    for (int round = 0; round < ROUNDS; round++) {
      reader.enter();
      torn += first == second ? 0 : 1;
      reader.leave();
    }
    reader.remove();
    return torn;
  }

  private int look() {
    int torn = 0;
    for (int round = 0; round < ROUNDS; round++) {
      lock.enterBriefly();
      torn += first == second ? 0 : 1;
      lock.leaveBriefly();
    }
    return torn;
  }

  @Test
  void enterAlone_waitsForAReader_andKeepsTheInterrupt() throws Exception {
    VariableLock.Reader reader = lock.newReader();
    reader.enter();
    CountDownLatch started = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<Boolean> changed =
          threads.submit(() -> {
            Thread.currentThread().interrupt();
            started.countDown();
            lock.enterAlone();
            first = 1;
            lock.leaveAlone();
            return Thread.interrupted();
          });
      started.await();
      Thread.sleep(20);
      assertThat(first).isZero();
      reader.leave();
      assertThat(changed.get()).isTrue();
    }
    assertThat(first).isEqualTo(1);
  }

  @Test
  void close_waitsForReaders_andLetsNobodyIn() throws Exception {
    VariableLock.Reader reader = lock.newReader();
    reader.enter();
    try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
      Future<Boolean> closed = threads.submit(lock::close);
      Thread.sleep(20);
      assertThat(closed.isDone()).isFalse();
      reader.leave();
      assertThat(closed.get()).isTrue();
    }
    assertThat(lock.close()).isFalse();
    assertThatThrownBy(reader::enter).hasMessage("the session is closed");
    assertThatThrownBy(lock::enterAlone).hasMessage("the session is closed");
    assertThatThrownBy(lock::enterBriefly).hasMessage("the session is closed");
  }
}
