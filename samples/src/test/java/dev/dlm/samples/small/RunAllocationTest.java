package dev.dlm.samples.small;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.dlm.plan.Plan;
import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call that has been made before makes next to no objects, whatever it runs and how many do. */
class RunAllocationTest {
  private static final int BATCH = 3;

  /** What the calling thread may allocate in a run, on average. */
  private static final long MAX_BYTES = 200;

  /**
   * The time that the JIT is given: until it has compiled them, vectors are objects on the heap.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({
    "perceptron, predict, 1, 10000",
    "perceptron, predict, 8, 1500",
    "perceptron, train, 1, 1500",
    "perceptron, train, 8, 200",
    "convolutional, train, 1, 1000",
    "convolutional, train, 8, 150",
    "residual, predict, 1, 1000",
    "residual, train, 1, 1000",
    "residual, train, 8, 150",
  })
  void run_allocatesNextToNothing(String model, String signature, int callers, int runs)
      throws Exception {
    Plan plan = SmallModels.compile(model);
    Program program = plan.program(signature);
    try (Session session = Session.open(plan, SessionOptions.defaults().withThreads(2));
        ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      session.initialize(1);
      List<Callable<Long>> measurements = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        Call call = call(session, program);
        measurements.add(() -> bytesPerRun(call, runs));
      }

      // Memory off the heap is there for as many calls as have run at the same time, which may be
      // all of them in a later round only.
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      List<Long> bytes;
      long usedBytes;
      do {
        usedBytes = session.usedBytes();
        bytes = measure(threads, measurements);
      } while ((Collections.max(bytes) > MAX_BYTES || session.usedBytes() != usedBytes)
          && System.nanoTime() < deadline);

      assertThat(bytes)
          .as("bytes a run")
          .allSatisfy(one -> assertThat(one).isLessThanOrEqualTo(MAX_BYTES));
      assertThat(session.usedBytes()).as("bytes off the heap").isEqualTo(usedBytes);
    }
  }

  private static List<Long> measure(ExecutorService threads, List<Callable<Long>> measurements)
      throws InterruptedException, ExecutionException {
    List<Long> bytes = new ArrayList<>();
    for (Future<Long> measured : threads.invokeAll(measurements)) {
      bytes.add(measured.get());
    }
    return bytes;
  }

  private static Call call(Session session, Program program) {
    Call call = session.prepare(program.name());
    SmallModels.inputs(program, BATCH).forEach(call::input);
    for (Program.Port port : program.outputs()) {
      Tensor output = Tensor.zeros(port.view().type().dtype(), call.outputSizes(port.name()));
      call.output(port.name(), output);
    }
    return call;
  }

  private static long bytesPerRun(Call call, int runs) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int run = 0; run < runs; run++) {
      call.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / runs;
  }
}
