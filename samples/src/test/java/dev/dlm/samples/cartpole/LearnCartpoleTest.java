package dev.dlm.samples.cartpole;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LearnCartpoleTest {
  @Test
  void learn_keepsThePoleUpForLonger() {
    try (LearnCartpole learner = new LearnCartpole(Path.of("cartpole", "cartpole.dlm"), 1)) {
      double first = learner.meanReturn(10, 5);
      learner.learn(6_000);
      double last = learner.meanReturn(10, 5);
      assertThat(last).isGreaterThan(3 * first);
    }
  }
}
