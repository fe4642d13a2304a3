package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Activations, losses, normalizations and pools of the standard library against formulas. */
final class LibraryFunctionsTest {
  /** The library computes in {@code f64} here; formulas differ in the order of a few roundings. */
  private static final double TOLERANCE = 1e-12;

  private static final double[] POINTS = {
    -800, -7, -3.5, -1, -0.3, 0, 1e-3, 0.7, 2.9, 3.1, 6.5, 90
  };

  private static final Map<String, DoubleUnaryOperator> ACTIVATIONS =
      Map.ofEntries(
          Map.entry("relu(x)", x -> Math.max(x, 0)),
          Map.entry("relu6(x)", x -> Math.min(Math.max(x, 0), 6)),
          Map.entry("leaky_relu(x, 0.1)", x -> x > 0 ? x : 0.1 * x),
          Map.entry("elu(x, 0.5)", x -> x > 0 ? x : 0.5 * Math.expm1(x)),
          Map.entry(
              "selu(x)",
              x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))),
          Map.entry("celu(x, 0.5)", x -> x > 0 ? x : 0.5 * Math.expm1(x / 0.5)),
          Map.entry("silu(x)", x -> x / (1 + Math.exp(-x))),
          Map.entry("mish(x)", x -> x * Math.tanh(x > 30 ? x : Math.log1p(Math.exp(x)))),
          Map.entry("softsign(x)", x -> x / (1 + Math.abs(x))),
          Map.entry("hard_sigmoid(x)", x -> x <= -3 ? 0 : x >= 3 ? 1 : x / 6 + 0.5),
          Map.entry("hard_swish(x)", x -> x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6),
          Map.entry("hard_tanh(x)", x -> Math.max(-1, Math.min(1, x))),
          Map.entry("log_sigmoid(x)", x -> x < -30 ? x : -Math.log1p(Math.exp(-x))),
          Map.entry(
              "gelu(x, approximate = true)",
              x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))));

  @Test
  void activation_agreesWithItsFormula() {
    ACTIVATIONS.forEach((call, formula) -> {
      double[] values = of(call, "input x: f64[N]").input("x", List.of(12), POINTS).predict("y");
      assertClose(call, values, LibraryModel.map(POINTS, formula));
    });
  }

  @Test
  void gelu_isTheShareOfTheNormalDistribution() {
    double[] values =
        of("gelu(x)", "input x: f64[N]").input("x", List.of(3), -1.0, 1.0, 2.0).predict("y");
    // Φ(1) and Φ(2) from tables of the normal distribution.
    double[] expected = {-(1 - 0.8413447460685429), 0.8413447460685429, 2 * 0.9772498680518208};
    assertThat(values).containsExactly(expected, within(1e-9));
  }

  @Test
  void gate_multipliesTheHalvesOfTheLastAxis() {
    String x = "input x: f64[1, 4]";
    double[] values = {0.5, -2, 3, 0.25};
    double[] glu = of("glu(x)", x).input("x", List.of(1, 4), values).predict("y");
    assertClose("glu", glu, 0.5 * sigmoid(3), -2 * sigmoid(0.25));
    double[] swiglu = of("swiglu(x)", x).input("x", List.of(1, 4), values).predict("y");
    assertClose("swiglu", swiglu, 0.5 * sigmoid(0.5) * 3, -2 * sigmoid(-2) * 0.25);
  }

  @Test
  void maskedSoftmax_sharesAmongTheVisible_andIsZeroWhereNoneIs() {
    double[] values =
        of("masked_softmax(x, mask)", "input x: f64[3, 3]\ninput mask: bool[3, 3]")
            .input("x", List.of(3, 3), 1, 2, 900, -5, -6, -7, 1, 2, 3)
            .input("mask", LibraryModel.truths(List.of(3, 3), 1, 1, 0, 0, 1, 0, 0, 0, 0))
            .predict("y");
    double first = 1 / (1 + Math.exp(1));
    assertClose("masked", values, first, 1 - first, 0, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void crossEntropy_withSmoothing_ignoredLabels_andWeights() {
    String inputs = "input x: f64[B, 3]\ninput label: i32[B]";
    double[] logits = {1, 2, 3, 0, 0, 0, -1, 5, 2, 1, 1, 2};
    double[][] logP = new double[4][3];
    for (int i = 0; i < 4; i++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(logits[3 * i + c]);
      }
      for (int c = 0; c < 3; c++) {
        logP[i][c] = logits[3 * i + c] - Math.log(sum);
      }
    }
    HostTensor labels = LibraryModel.integers(List.of(4), 2, 0, 1, -1);
    assertClose(
        "smoothing",
        labelled("cross_entropy(x, label, smoothing = 0.3)", inputs, logits, labels),
        -0.8 * logP[0][2] - 0.1 * (logP[0][0] + logP[0][1]),
        -0.8 * logP[1][0] - 0.1 * (logP[1][1] + logP[1][2]),
        -0.8 * logP[2][1] - 0.1 * (logP[2][0] + logP[2][2]),
        0);
    assertClose(
        "ignored",
        labelled("cross_entropy(x, label, ignored = 0)", inputs, logits, labels),
        -logP[0][2],
        0,
        -logP[2][1],
        0);
    assertClose(
        "weights",
        labelled("cross_entropy(x, label, weights = [1.0, 2.0, 0.5])", inputs, logits, labels),
        -0.5 * logP[0][2],
        -logP[1][0],
        -2 * logP[2][1],
        0);
  }

  private static double[] labelled(String call, String inputs, double[] logits, HostTensor labels) {
    return of(call, inputs).input("x", List.of(4, 3), logits).input("label", labels).predict("y");
  }

  @Test
  void loss_agreesWithItsFormula() {
    double[] a = {0.2, -1.5, 3.0, 0.9};
    double[] b = {0.1, 1.5, -2.0, 1.0};
    assertClose("huber", two("huber(a, b, 0.5)", a, b), 0.005, 1.375, 2.375, 0.005);
    assertClose("hinge", two("hinge(a, sign(b))", a, b), 0.8, 2.5, 4.0, 0.1);
    double dot = 0.02 - 2.25 - 6 + 0.9;
    double lengths = Math.sqrt((0.04 + 2.25 + 9 + 0.81) * (0.01 + 2.25 + 4 + 1));
    assertClose("cosine", two("cosine_similarity(a, b)", a, b), dot / lengths);
    assertClose("of nothing", two("cosine_similarity(a, b * 0.0)", a, b), 0);
    double apart = 0.01 + 9 + 25 + 0.01;
    assertClose("triplet", two("triplet(a, a, b, 40.0)", a, b), 40 - apart);
    assertClose("triplet", two("triplet(a, a, b)", a, b), 0);
    double divergence = 0;
    for (int i = 0; i < 4; i++) {
      divergence += 0.5 * (a[i] * a[i] + Math.exp(b[i]) - 1 - b[i]);
    }
    assertClose("normal", two("normal_divergence(a, b)", a, b), divergence);
    double[] p = {Math.log(0.5), Math.log(0.25), Math.log(0.125), Math.log(0.125)};
    double[] q = {Math.log(0.25), Math.log(0.25), Math.log(0.25), Math.log(0.25)};
    assertClose("kl", two("kl_divergence(a, b)", p, q), 0.25 * Math.log(2));
    assertClose("masked mean", two("masked_mean(a, b > 0.5)", a, b), (-1.5 + 0.9) / 2);
    assertClose("masked mean", two("masked_mean(a, b > 5.0)", a, b), 0);
  }

  private static double[] two(String call, double[] a, double[] b) {
    return of(call, "input a: f64[4]\ninput b: f64[4]")
        .input("a", List.of(4), a)
        .input("b", List.of(4), b)
        .predict("y");
  }

  @Test
  void rmsNorm_dividesByTheRootMeanSquare() {
    double[] values =
        of("x |> nn.RmsNorm(epsilon = 0.0)", "input x: f64[B, 4]")
            .input("x", List.of(2, 4), 3, 4, 0, 0, 1, -1, 1, -1)
            .predict("y");
    assertClose("rms", values, 1.2, 1.6, 0, 0, 1, -1, 1, -1);
  }

  @Test
  void groupNorm_standardizesEachGroupOfChannels() {
    LibraryModel model =
        of("x |> nn.GroupNorm(2, epsilon = 0.0) named norm", "input x: f64[B, 4, 3]")
            .random("x", 2, 4, 3)
            .variable("norm.scale", numbers(1, 2, 3, 4))
            .variable("norm.shift", numbers(0.5, 0, 0, -1));
    assertClose("groups", model.predict("y"), standardized(model.input("x"), 6, model));
  }

  @Test
  void instanceNorm_standardizesEachChannel() {
    LibraryModel model =
        of("x |> nn.InstanceNorm(epsilon = 0.0) named norm", "input x: f64[B, 4, 3]")
            .random("x", 2, 4, 3)
            .variable("norm.scale", numbers(1, 2, 3, 4))
            .variable("norm.shift", numbers(0.5, 0, 0, -1));
    assertClose("channels", model.predict("y"), standardized(model.input("x"), 3, model));
  }

  /** Each run of elements brought to mean 0 and variance 1, then scaled and shifted by channel. */
  private static double[] standardized(HostTensor x, int run, LibraryModel model) {
    double[] y = LibraryModel.numbers(x);
    for (int start = 0; start < y.length; start += run) {
      double mean = 0;
      for (int i = start; i < start + run; i++) {
        mean += y[i] / run;
      }
      double variance = 0;
      for (int i = start; i < start + run; i++) {
        variance += (y[i] - mean) * (y[i] - mean) / run;
      }
      for (int i = start; i < start + run; i++) {
        int channel = i / 3 % 4;
        double scale = model.variable("norm.scale").doubleAt(channel);
        double shift = model.variable("norm.shift").doubleAt(channel);
        y[i] = (y[i] - mean) / Math.sqrt(variance) * scale + shift;
      }
    }
    return y;
  }

  @Test
  void globalPools_takeAllOfAChannel() {
    String inputs = "input x: f64[1, 2, 2, 2]";
    double[] x = {1, 2, 3, 6, -1, -2, -3, -4};
    List<Integer> sizes = List.of(1, 2, 2, 2);
    assertClose(
        "mean", of("x |> global_mean_pool", inputs).input("x", sizes, x).predict("y"), 3, -2.5);
    assertClose("max", of("x |> global_max_pool", inputs).input("x", sizes, x).predict("y"), 6, -1);
  }

  @Test
  void pRelu_hasASlopeForEachChannel() {
    double[] values =
        of("x |> nn.PRelu() named act", "input x: f64[1, 2, 2]")
            .input("x", List.of(1, 2, 2), -1, 2, -3, 4)
            .variable("act.slope", numbers(0.5, 0.1))
            .predict("y");
    assertClose("slopes", values, -0.5, 2, -0.3, 4);
  }

  @Test
  void residual_addsItsStagesToWhatItReads() {
    LibraryModel model =
        of("x |> nn.Residual([tanh, nn.Dense(2)], shortcut = [nn.Dense(2)])", "input x: f64[B, 2]")
            .input("x", List.of(1, 2), 0.3, -0.8)
            .variable("dense.w", matrix(1, 2, 3, 4))
            .variable("dense_2.w", matrix(0, 1, 1, 0));
    double a = Math.tanh(0.3);
    double b = Math.tanh(-0.8);
    assertClose("sum", model.predict("y"), a + 3 * b - 0.8, 2 * a + 4 * b + 0.3);
  }

  private static HostTensor numbers(double... values) {
    return HostTensor.ofDoubles(
        LibraryModel.type(DType.F64, List.of(values.length)), i -> values[i]);
  }

  private static HostTensor matrix(double... values) {
    return HostTensor.ofDoubles(LibraryModel.type(DType.F64, List.of(2, 2)), i -> values[i]);
  }

  private static LibraryModel of(String expression, String inputs) {
    return new LibraryModel(inputs + "\noutput y = " + expression);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static void assertClose(String what, double[] actual, double... expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i])
          .as("%s at %d", what, i)
          .isCloseTo(expected[i], within(TOLERANCE * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
