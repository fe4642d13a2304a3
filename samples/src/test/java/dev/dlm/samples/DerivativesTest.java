package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Derivatives as values of the language, around and inside of loops and branches. */
final class DerivativesTest {
  private static final double TOLERANCE = 1e-12;

  @Test
  void jvp_isTheChangeAlongADirection() {
    LibraryModel model =
        new LibraryModel(
                """
                input x: f64[B]
                input v: f64[B]
                weight w: f64[3] = 0.7
                output along_x = jvp(sin(x) * w, over = x, along = v)
                a, b = jvp([x * w, w * w], over = [x, w], along = [v, x])
                output a
                output b
                output bend = jvp(gradient(sum(x ** 3.0), over = x), over = x, along = v)
                """)
            .random("x", 3)
            .random("v", 3);
    double[] x = LibraryModel.numbers(model.input("x"));
    double[] v = LibraryModel.numbers(model.input("v"));
    for (int i = 0; i < 3; i++) {
      assertThat(model.predict("along_x")[i])
          .isCloseTo(Math.cos(x[i]) * 0.7 * v[i], within(TOLERANCE));
      assertThat(model.predict("a")[i]).isCloseTo(v[i] * 0.7 + x[i] * x[i], within(TOLERANCE));
      assertThat(model.predict("b")[i]).isCloseTo(2 * 0.7 * x[i], within(TOLERANCE));
      assertThat(model.predict("bend")[i]).isCloseTo(6 * x[i] * v[i], within(TOLERANCE));
    }
  }

  @Test
  void jvp_goesThroughScansLoopsAndBranches() {
    LibraryModel model =
        new LibraryModel(
                """
                input x: f64[T]
                input v: f64[T]
                last, powers = scan s in x carry p = full([], 1.0, f64) {
                  p = p * s
                  yield p
                }
                output change = jvp(powers, over = x, along = v)
                n, y = while n < 3 carry n = 0, y = x limit 5 {
                  y = y * y
                  n = n + 1
                }
                output eighth = jvp(y, over = x, along = v)
                output chosen = jvp(
                  cond sum(x) > 1000.0 {
                    yield x
                  } else {
                    yield x * x
                  },
                  over = x,
                  along = v
                )
                """)
            .random("x", 3)
            .random("v", 3);
    double[] x = LibraryModel.numbers(model.input("x"));
    double[] v = LibraryModel.numbers(model.input("v"));
    assertThat(model.predict("change")[2])
        .isCloseTo(v[0] * x[1] * x[2] + x[0] * v[1] * x[2] + x[0] * x[1] * v[2], within(TOLERANCE));
    for (int i = 0; i < 3; i++) {
      assertThat(model.predict("eighth")[i])
          .isCloseTo(8 * Math.pow(x[i], 7) * v[i], within(TOLERANCE * 100));
      assertThat(model.predict("chosen")[i]).isCloseTo(2 * x[i] * v[i], within(TOLERANCE));
    }
  }

  @Test
  void gradient_insideOfAScan_isTakenOfWhatTheStepComputes() {
    LibraryModel model =
        new LibraryModel(
                """
                input x: f64[B]
                input target: f64[B]
                lowest, losses = scan i in 0..3 carry p = x {
                  loss = sum((p - target) ** 2.0)
                  p = p - 0.25 * gradient(loss, over = p)
                  yield loss
                }
                output lowest
                output slope = gradient(sum(lowest * lowest), over = x)
                slopes = scan w in target {
                  yield gradient(sum(sin(x * w)), over = x), jvp(w * w, over = w, along = 2.0)
                }
                output of_captured = slopes[0]
                output of_slice = slopes[1]
                """)
            .random("x", 3)
            .random("target", 3);
    double[] x = LibraryModel.numbers(model.input("x"));
    double[] target = LibraryModel.numbers(model.input("target"));
    for (int i = 0; i < 3; i++) {
      double lowest = target[i] + (x[i] - target[i]) / 8;
      assertThat(model.predict("lowest")[i]).isCloseTo(lowest, within(TOLERANCE));
      assertThat(model.predict("slope")[i]).isCloseTo(2 * lowest / 8, within(TOLERANCE));
      assertThat(model.predict("of_captured")[3 + i])
          .isCloseTo(target[1] * Math.cos(x[i] * target[1]), within(TOLERANCE));
      assertThat(model.predict("of_slice")[i]).isCloseTo(4 * target[i], within(TOLERANCE));
    }
  }
}
