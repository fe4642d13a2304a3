package dev.dlm.samples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrainInJavaTest {
  @Test
  void train_learnsTheCurve() {
    try (TrainInJava curve = new TrainInJava()) {
      double first = curve.train(1);
      double last = curve.train(1500);

      assertThat(last).isLessThan(first / 20);
      float[] x = {-0.9f, -0.4f, 0, 0.3f, 0.8f};
      float[] y = curve.predict(x);
      for (int i = 0; i < x.length; i++) {
        // The loss bounds the squared error: 0.01 is far above what remains after 1500 steps.
        assertThat((double) y[i]).isCloseTo(Math.sin(3 * x[i]), within(0.1));
      }
    }
  }
}
