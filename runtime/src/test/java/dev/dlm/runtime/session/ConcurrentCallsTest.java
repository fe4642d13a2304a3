package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.ir.DType;
import dev.dlm.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that are kept by their callers and used at once. */
@Timeout(value = 50, unit = TimeUnit.SECONDS)
class ConcurrentCallsTest {
  private static final SessionOptions OPTIONS = SessionOptions.defaults().withDevice("reference");
  private static final int CALLERS = 4;
  private static final int ROUNDS = 150;

  /** {@code y = x @ w + b} where all weights are {@code weight} and {@code b} is a half. */
  private static float expected(float x, int weight) {
    return 3 * x * weight + 0.5f;
  }

  @Test
  void calls_keepApart_whereFramesAreFew() throws Exception {
    long limit;
    try (Session session = Session.open(TestModels.affine(), OPTIONS)) {
      limit = session.requiredBytes("predict", Map.of("B", 6L));
    }
    SessionOptions tight = OPTIONS.withMaxMemoryBytes(2 * limit).withMaxBindings(2);
    try (Session session = Session.open(TestModels.affine(), tight)) {
      session.initialize(2);
      inParallel(caller -> {
        Random random = new Random(caller);
        Call call = session.prepare("predict");
        for (int round = 0; round < ROUNDS; round++) {
          int rows = 1 + random.nextInt(6);
          int repetitions = 1 + random.nextInt(3);
          for (int i = 0; i < repetitions; i++) {
            checkCall(call, rows, caller * ROUNDS + round);
          }
        }
      });
      assertThat(session.usedBytes()).isLessThanOrEqualTo(2 * limit);
    }
    assertThat(ReferenceDevice.OPEN_FRAMES.get()).isZero();
  }

  private static void checkCall(Call call, int rows, int value) {
    Tensor x = Tensor.zeros(DType.F32, rows, 3);
    float element = value % 64;
    x.memory().copyFrom(Tensor.of(filled(3 * rows, element), rows, 3).memory());
    float[] y = new float[2 * rows];
    call.input("x", x).output("y", Tensor.of(y, rows, 2)).run();
    assertThat(y).containsOnly(expected(element, 2));
  }

  @Test
  void calls_seeWholeUpdates() throws Exception {
    try (Session session = Session.open(TestModels.affine(), OPTIONS)) {
      session.initialize(1);
      inParallel(caller -> {
        if (caller == 0) {
          for (int round = 0; round < ROUNDS; round++) {
            session.initialize(1 + round % 5);
          }
          return;
        }
        float[] y = new float[2];
        Call call = session.prepare("predict");
        call.input("x", Tensor.of(filled(3, 1), 1, 3)).output("y", Tensor.of(y, 1, 2));
        for (int round = 0; round < ROUNDS; round++) {
          call.run();
          assertThat(y[0]).isEqualTo(y[1]);
          assertThat(y[0])
              .isIn(expected(1, 1), expected(1, 2), expected(1, 3), expected(1, 4), expected(1, 5));
        }
      });
    }
  }

  @Test
  void close_waitsForCalls_andEndsThem() throws Exception {
    Session session = Session.open(TestModels.affine(), OPTIONS);
    session.initialize(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> callers = new ArrayList<>();
      for (int caller = 0; caller < CALLERS; caller++) {
        callers.add(
            threads.submit(() -> {
              Call call = session.prepare("predict");
              while (true) {
                checkCall(call, 2, 1);
              }
            }));
      }
      Thread.sleep(30);
      session.close();
      assertThat(ReferenceDevice.OPEN_FRAMES.get()).isZero();
      for (Future<?> caller : callers) {
        assertThatThrownBy(caller::get)
            .hasCauseInstanceOf(IllegalStateException.class)
            .hasMessageContaining("the session is closed");
      }
    }
  }

  private interface Caller {
    void run(int number) throws Exception;
  }

  private static void inParallel(Caller caller) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int number = 0; number < CALLERS; number++) {
        int own = number;
        running.add(
            threads.submit(() -> {
              caller.run(own);
              return null;
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  private static float[] filled(int count, float value) {
    float[] array = new float[count];
    Arrays.fill(array, value);
    return array;
  }
}
