package dev.dlm.benchmarks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.benchmarks.engine.Job;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimingTest {
  private static final double SECONDS = 0.1;
  private static final int SLOW_MILLIS = 20;
  private static final int FAST_MILLIS = 1;

  @Test
  void waitsForTheCompiler() throws Exception {
    Compiled job = new Compiled();
    Timing timing = new Timing(job, job::compilingMillis);
    timing.warmUp(SECONDS);
    assertThat(timing.median(SECONDS)).isLessThan(SLOW_MILLIS / 1e3);
  }

  /** Slow, steadily, until a compiler has worked for two seconds. */
  private static final class Compiled implements Job {
    private static final long COMPILING_MILLIS = 2000;

    private final long begin = System.nanoTime();

    long compilingMillis() {
      return Math.min(COMPILING_MILLIS, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @Override
    public void run() throws InterruptedException {
      Thread.sleep(compilingMillis() < COMPILING_MILLIS ? SLOW_MILLIS : FAST_MILLIS);
    }

    @Override
    public float[] result() {
      return new float[0];
    }

    @Override
    public void close() {}
  }
}
