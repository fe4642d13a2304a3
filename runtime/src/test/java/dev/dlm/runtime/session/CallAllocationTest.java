package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CallAllocationTest {
  private static final int WARM_UP = 20_000;
  private static final int RUNS = 10_000;
  private static final int MAX_BYTES = 128;

  @Test
  void run_withTheSizesOfBefore_allocatesAFewSmallObjects() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    SessionOptions options = SessionOptions.defaults().withDevice("silent");
    try (Session session = Session.open(TestModels.affine(), options);
        Arena arena = Arena.ofConfined()) {
      MemorySegment[] inputs = {arena.allocate(24), arena.allocate(24)};
      long[] sizes = {2, 3};
      Call call = session.prepare("predict");
      call.output("y", arena.allocate(16));
      int x = call.inputIndex("x");
      long before = 0;
      for (int run = 0; run < WARM_UP + RUNS; run++) {
        if (run == WARM_UP) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        call.input(x, inputs[run % 2], sizes).run();
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(bytes / RUNS).as("bytes a run").isLessThanOrEqualTo(MAX_BYTES);
    }
  }
}
