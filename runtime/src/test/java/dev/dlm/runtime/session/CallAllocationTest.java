package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.dlm.ir.DType;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session adds to a call, on a device that does nothing. */
class CallAllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int RUNS = 10_000;

  /** Less than one object a run, so that none is made in each; the JVM's own work makes a few. */
  private static final int MAX_BYTES = 15;

  private static final SessionOptions OPTIONS = SessionOptions.defaults().withDevice("silent");

  @Test
  void run_withOtherMemoryOfTheSameSizes_allocatesNothing() {
    try (Session session = Session.open(TestModels.affine(), OPTIONS);
        Arena arena = Arena.ofConfined()) {
      MemorySegment[] inputs = {arena.allocate(24), arena.allocate(24)};
      long[] sizes = {2, 3};
      Call call = session.prepare("predict");
      call.output("y", arena.allocate(16));
      int x = call.inputIndex("x");
      assertThat(
              bytesPerRun(run -> {
                call.input(x, inputs[run % 2], sizes);
                call.run();
              }))
          .isLessThanOrEqualTo(MAX_BYTES);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void run_betweenArrays_allocatesNothing_howeverManyCallers(int callers) throws Exception {
    try (Session session = Session.open(TestModels.affine(), OPTIONS);
        ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<Long>> measured = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        Tensor x = Tensor.of(new float[6], 2, 3);
        Call call = session.prepare("predict").output("y", Tensor.zeros(DType.F32, 2, 2));
        int index = call.inputIndex("x");
        measured.add(
            threads.submit(() ->
                bytesPerRun(run -> {
                  call.input(index, x);
                  call.run();
                })));
      }
      for (Future<Long> bytes : measured) {
        assertThat(bytes.get()).isLessThanOrEqualTo(MAX_BYTES);
      }
    }
  }

  private interface Run {
    void run(int index);
  }

  private static long bytesPerRun(Run call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int run = 0; run < WARM_UP + RUNS; run++) {
      if (run == WARM_UP) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      call.run(run);
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / RUNS;
  }
}
