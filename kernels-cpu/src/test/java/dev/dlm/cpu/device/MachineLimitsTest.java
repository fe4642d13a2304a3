package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.cpu.math.ScalarPeak;
import dev.dlm.cpu.math.VectorPeak;
import org.junit.jupiter.api.Test;

class MachineLimitsTest {
  @Test
  void peakLoops_computeWhatTheySay() {
    // Each chain tends to the fixed point of x = x / 2 + n, which is 2 n.
    int repetitions = 200;
    assertThat(ScalarPeak.run(repetitions)).isCloseTo(8 * 2f * repetitions, within(1e-2f));
    assertThat(VectorPeak.run(repetitions))
        .isCloseTo(12 * 2f * repetitions * VectorPeak.LANES, within(1f));
    assertThat(VectorPeak.OPERATIONS).isEqualTo(2.0 * 12 * VectorPeak.LANES);
  }
}
