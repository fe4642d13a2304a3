package dev.dlm.dsl;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.source.Sources;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Signature;
import dev.dlm.reference.Interpreter;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The library's distributions, by samples of some thousand numbers. */
final class RandomNumbersTest {
  private static final int COUNT = 20_000;

  /** What an initializer's `apply` gives for 20,000 elements and a seed. */
  private static HostTensor drawn(String apply, long seed) {
    String text =
        """
        import nn
        initializer drawn {
          apply(shape: list, dtype: dtype) = %s
        }
        model M {
          input x: f32[%d]
          weight w: f32[%d] = drawn
          output y = x * w
        }
        """
            .formatted(apply, COUNT, COUNT);
    Elaborated elaborated = Dsl.elaborate("test.dlm", Sources.of(Map.of("test.dlm", text)));
    Graph graph = elaborated.mainModel().orElseThrow().graph();
    Signature initialize = graph.signature(Graph.INITIALIZE);
    Map<String, HostTensor> inputs = Map.of("seed", HostTensor.scalar(DType.I64, seed));
    return requireNonNull(Interpreter.run(initialize, inputs, Map.of()).updates().get("w"));
  }

  private interface Statistic {
    double of(double element);
  }

  private static double mean(HostTensor x, Statistic statistic) {
    double sum = 0;
    for (int i = 0; i < x.count(); i++) {
      sum += statistic.of(x.doubleAt(i));
    }
    return sum / x.count();
  }

  /** The deviation of a standard normal number within ±2 is 0.87963; errors are of 1/√20,000. */
  @Test
  void truncatedNormal_staysInsideAndHasItsMoments() {
    HostTensor x = drawn("random_truncated_normal(shape, 3.0, 0.5, dtype = dtype)", 1);
    assertThat(mean(x, e -> e)).isCloseTo(3, within(0.012));
    assertThat(mean(x, e -> (e - 3) * (e - 3))).isCloseTo(0.25 * 0.87963 * 0.87963, within(0.006));
    assertThat(mean(x, e -> e >= 2 && e <= 4 ? 1 : 0)).isEqualTo(1);
    assertThat(mean(x, e -> e > 3.9 ? 1 : 0)).isCloseTo(0.01382, within(0.004));
    assertThat(drawn("random_truncated_normal(shape, 3.0, 0.5, dtype = dtype)", 2)).isNotEqualTo(x);
  }

  /** Above two deviations lies 0.02275 of the normal distribution, above three 0.00135. */
  @Test
  void truncatedNormal_ofATail_hasItsShape() {
    HostTensor x = drawn("random_truncated_normal(shape, low = 2.0, high = 9.0, dtype = dtype)", 3);
    assertThat(mean(x, e -> e >= 2 ? 1 : 0)).isEqualTo(1);
    assertThat(mean(x, e -> e > 3 ? 1 : 0)).isCloseTo(0.00135 / 0.02275, within(0.006));
  }

  @Test
  void bernoulli_isTrueWithItsProbability() {
    HostTensor x = drawn("cast(random_bernoulli(shape, 0.3), dtype)", 4);
    assertThat(mean(x, e -> e)).isCloseTo(0.3, within(0.012));
    assertThat(mean(x, e -> e * (1 - e))).isZero();
  }

  /** A random order moves the average element by a third of all. */
  @Test
  void permutation_holdsEachNumberOnceInRandomOrder() {
    HostTensor x = drawn("cast(random_permutation(product(shape)), dtype)", 6);
    BitSet found = new BitSet();
    double moved = 0;
    for (int i = 0; i < COUNT; i++) {
      found.set((int) x.doubleAt(i));
      moved += Math.abs(x.doubleAt(i) - i);
    }
    assertThat(found.nextClearBit(0)).isEqualTo(COUNT);
    assertThat(moved / COUNT / COUNT).isCloseTo(1.0 / 3, within(0.01));
  }

  @Test
  void categorical_drawsClassesWithTheirProbabilities() {
    String rows = "broadcast(log(cast([0.5, 0.2, 0.3], f32)), shape + [3])";
    HostTensor x = drawn("cast(random_categorical(" + rows + "), dtype)", 5);
    double[] probabilities = {0.5, 0.2, 0.3};
    for (int i = 0; i < 3; i++) {
      int index = i;
      assertThat(mean(x, e -> e == index ? 1 : 0)).isCloseTo(probabilities[i], within(0.013));
    }
  }
}
