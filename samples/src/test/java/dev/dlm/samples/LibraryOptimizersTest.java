package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.dsl.elaborate.ElaboratedModel;
import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Optimizers and schedules of the standard library, step by step against their formulas. */
final class LibraryOptimizersTest {
  /** Rates are {@code f32}: 24 bits. */
  private static final double TOLERANCE = 2e-7;

  private static final int STEPS = 5;
  private static final double START = 0.5;

  /** One weight and one gradient of a step. */
  private interface Rule {
    double next(double weight, double gradient);
  }

  @Test
  void rmsprop_dividesByTheRootOfARunningMean() {
    double[] second = new double[1];
    assertFollows(
        "rmsprop(rate = 0.25, beta = 0.75)",
        (weight, gradient) -> {
          second[0] = 0.75 * second[0] + 0.25 * gradient * gradient;
          return weight - 0.25 * gradient / (Math.sqrt(second[0]) + 1e-8);
        });
  }

  @Test
  void rmsprop_withDecayHasAVelocity() {
    double[] state = new double[2];
    assertFollows(
        "rmsprop(rate = 0.25, beta = 0.75, decay = 0.5)",
        (weight, gradient) -> {
          state[0] = 0.75 * state[0] + 0.25 * gradient * gradient;
          state[1] = 0.5 * state[1] + gradient / (Math.sqrt(state[0]) + 1e-8);
          return weight - 0.25 * state[1];
        });
  }

  @Test
  void adagrad_dividesByTheRootOfAllSquares() {
    double[] squares = new double[1];
    assertFollows(
        "adagrad(rate = 0.25)",
        (weight, gradient) -> {
          squares[0] += gradient * gradient;
          return weight - 0.25 * gradient / (Math.sqrt(squares[0]) + 1e-10);
        });
  }

  @Test
  void momentum_thatIsNesterov_looksAhead() {
    double[] velocity = new double[1];
    assertFollows(
        "momentum(rate = 0.25, decay = 0.5, nesterov = true)",
        (weight, gradient) -> {
          velocity[0] = 0.5 * velocity[0] + gradient;
          return weight - 0.25 * (gradient + 0.5 * velocity[0]);
        });
  }

  @Test
  void lion_goesAlongASign_anddecaysMatrices() {
    double[] velocity = new double[1];
    assertFollows(
        "lion(rate = 0.25, beta1 = 0.5, beta2 = 0.75, decay = 0.5)",
        (weight, gradient) -> {
          double direction = Math.signum(0.5 * velocity[0] + 0.5 * gradient);
          velocity[0] = 0.75 * velocity[0] + 0.25 * gradient;
          return weight * (1 - 0.25 * 0.5) - 0.25 * direction;
        });
  }

  private static void assertFollows(String optimizer, Rule rule) {
    LibraryModel model =
        new LibraryModel(
            """
            input x: f64[B]
            weight w: f64[1, 1] = %s
            loss = mean(x) * sum(w)\
            """
                .formatted(START),
            "data x = idx(\"x\")\nminimize loss\noptimizer " + optimizer);
    double weight = START;
    for (int step = 0; step < STEPS; step++) {
      double gradient = Math.sin(step + 1) * 2;
      model.input("x", List.of(1), gradient).train();
      weight = rule.next(weight, gradient);
      assertThat(model.variable("w").doubleAt(0)).isCloseTo(weight, within(1e-12));
    }
  }

  @Test
  void inverseSqrt_risesThenFallsAsTheRootOfTheStep() {
    assertRates(
        "inverse_sqrt(peak = 0.5, warmup = 4)",
        step -> step < 4 ? 0.5 * (step + 1) / 4 : 0.5 * Math.sqrt(4.0 / (step + 1)));
  }

  @Test
  void oneCycle_risesAndFallsAlongCosines() {
    double low = 0.5 / 25;
    double last = 0.5 / 250000;
    assertRates(
        "one_cycle(peak = 0.5, rise = 0.5)",
        step ->
            step < 4.5
                ? low + (0.5 - low) * (1 - Math.cos(Math.PI * step / 4.5)) / 2
                : last + (0.5 - last) * (1 + Math.cos(Math.PI * (step - 4.5) / 4.5)) / 2);
  }

  @Test
  void exponential_multipliesByTheFactorEverySoManySteps() {
    assertRates(
        "exponential(start = 0.5, factor = 0.25, every = 2)", step -> 0.5 * Math.pow(0.5, step));
  }

  @Test
  void polynomial_fallsAsAPower() {
    assertRates(
        "polynomial(peak = 0.5, power = 3.0, floor = 0.125)",
        step -> 0.125 + 0.375 * Math.pow(1 - step / 10.0, 3));
  }

  private static void assertRates(String schedule, IntToDoubleFunction expected) {
    LibraryModel model =
        new LibraryModel(
                "input x: f32[B]\nweight w: f32[1] = 0.0\nloss = mean(x) * sum(w)",
                "data x = idx(\"x\")\nminimize loss\noptimizer sgd(rate = " + schedule + ")")
            .input("x", HostTensor.filled(TensorType.of(DType.F32, 1), 1))
            .input(ElaboratedModel.TOTAL_STEPS_INPUT, HostTensor.scalar(10L));
    for (int step = 0; step < 10; step++) {
      double rate = model.train().get(ElaboratedModel.RATE_OUTPUT).doubleAt(0);
      assertThat(rate)
          .as("%s at step %d", schedule, step)
          .isCloseTo(expected.applyAsDouble(step), within(TOLERANCE));
    }
  }
}
