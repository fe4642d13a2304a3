package dev.dlm.benchmarks.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.dlm.benchmarks.work.Workload.Optimizer;
import org.junit.jupiter.api.Test;

class CostTest {
  private static double operations(Workload work) {
    return Cost.of(work).operations();
  }

  /** Published counts of multiply-adds: 4.09 and 0.556 thousand million for an image. */
  @Test
  void residualNetworks_costWhatIsPublished() {
    assertThat(operations(new Workload.Resnet50Inference()))
        .isCloseTo(2 * 4.09e9, withPercentage(0.2));
    // Forward, and as much twice for the gradients, but for those of the image.
    double forward = 2 * 32 * 0.5555e9;
    assertThat(operations(new Workload.Resnet18Training()))
        .isCloseTo(3 * forward - 2 * 32 * 1024 * 64 * 27.0, withPercentage(0.2));
  }

  /**
   * Twice the weights of all layers for each token, the attention of 4 · 128 · 768 · 128 a layer,
   * and the logits.
   */
  @Test
  void gpt2_costsTwiceItsWeights() {
    double layers = 12 * (2 * 128 * 12 * 768.0 * 768 + 4 * 128 * 128 * 768.0);
    assertThat(operations(new Workload.Gpt2Forward())).isEqualTo(layers + 2 * 50257 * 768.0);
  }

  @Test
  void mlpTraining_needsNoGradientOfTheImage() {
    double weights = 2 * 784 * 128 + 3 * 128 * 128 + 3 * 128 * 10;
    assertThat(operations(new Workload.MlpTraining(Optimizer.SGD))).isEqualTo(2 * 128 * weights);
  }

  @Test
  void everyWork_isBoundBySomething() {
    for (Workload work : Workload.all()) {
      Cost cost = Cost.of(work);
      assertThat(cost.operations() + cost.memoryBytes()).as(work.name()).isPositive();
    }
  }
}
