package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recurrent layers and what belongs to them in the standard library, against plain loops. */
final class LibraryRecurrentTest {
  private static final int BATCH = 2;
  private static final int STEPS = 4;
  private static final int WIDTH = 3;
  private static final int HIDDEN = 2;
  private static final double TOLERANCE = 1e-12;

  /** One step: the new state from the sums of the input, those of the state, and the state. */
  private interface Cell {
    double[][] step(double[] z, double[] s, double[] h, double[] c);
  }

  @Test
  void rnn_agreesWithPlainLoops() {
    LibraryModel model =
        sequence("net = nn.Rnn(2)\noutput y = x |> net").random("x", BATCH, STEPS, WIDTH);
    assertSame(model, "net", LibraryRecurrentTest::rnn, false, false);
  }

  @Test
  void lstm_agreesWithPlainLoops() {
    LibraryModel model =
        sequence("net = nn.Lstm(2)\noutput y = x |> net").random("x", BATCH, STEPS, WIDTH);
    assertSame(model, "net", LibraryRecurrentTest::lstm, false, false);
  }

  @Test
  void lstm_backwardWithAMaskAndAState_agreesWithPlainLoops() {
    LibraryModel model =
        sequence(
                """
                input h: f64[B, 2]
                input c: f64[B, 2]
                input mask: bool[B, T]
                net = nn.Lstm(2, backward = true)
                output y = net(x, h, c, mask)\
                """)
            .random("x", BATCH, STEPS, WIDTH)
            .random("h", BATCH, HIDDEN)
            .random("c", BATCH, HIDDEN)
            .input("mask", LibraryModel.truths(List.of(BATCH, STEPS), 1, 1, 1, 0, 1, 0, 1, 1));
    assertSame(model, "net", LibraryRecurrentTest::lstm, true, true);
  }

  @Test
  void gru_agreesWithPlainLoops() {
    LibraryModel model =
        sequence("net = nn.Gru(2)\noutput y = x |> net")
            .random("x", BATCH, STEPS, WIDTH)
            .variable(
                "net.d",
                HostTensor.ofDoubles(TensorType.of(DType.F64, HIDDEN), i -> i == 0 ? 0.3 : -0.4));
    assertSame(model, "net", gru(new double[] {0.3, -0.4}), false, false);
  }

  @Test
  void bidirectional_givesBothDirectionsBesideEachOther() {
    LibraryModel model =
        sequence("both = nn.Bidirectional(nn.Lstm, 2)\noutput y = x |> both")
            .random("x", BATCH, STEPS, WIDTH);
    double[] forward = expected(model, "both.forward", LibraryRecurrentTest::lstm, false, false);
    double[] back = expected(model, "both.back", LibraryRecurrentTest::lstm, true, false);
    double[] found = model.predict("y");
    for (int i = 0; i < forward.length; i++) {
      int at = i / HIDDEN * 2 * HIDDEN + i % HIDDEN;
      assertThat(found[at]).isCloseTo(forward[i], within(TOLERANCE));
      assertThat(found[at + HIDDEN]).isCloseTo(back[i], within(TOLERANCE));
    }
  }

  @Test
  void states_takenUpByASecondCall_goOnAsIfThereWereOne() {
    for (String kind : List.of("Rnn", "Gru", "Lstm")) {
      String more = kind.equals("Lstm") ? ", c" : "";
      LibraryModel model =
          sequence(
                  """
                  net = nn.%1$s(2, states = true)
                  whole, h%2$s = net(x)
                  first, h%2$s = net(x[:, :2])
                  second, h%2$s = net(x[:, 2:], h%2$s)
                  output whole
                  output parts = concat([first, second], 1)\
                  """
                      .formatted(kind, more))
              .random("x", BATCH, STEPS, WIDTH);
      double[] whole = model.predict("whole");
      double[] parts = model.predict("parts");
      for (int i = 0; i < whole.length; i++) {
        assertThat(parts[i]).as(kind).isCloseTo(whole[i], within(TOLERANCE));
      }
    }
  }

  @Test
  void streaming_goesOnWhereTheCallBeforeEnded() {
    for (String kind : List.of("Rnn", "Gru", "Lstm")) {
      LibraryModel model =
          sequence("net = nn." + kind + "(2, streaming = true)\noutput y = x |> net")
              .random("x", 1, STEPS, WIDTH);
      double[] x = LibraryModel.numbers(model.input("x"));
      double[] whole = model.predict("y");
      for (int t = 0; t < STEPS; t++) {
        double[] step = Arrays.copyOfRange(x, t * WIDTH, (t + 1) * WIDTH);
        double[] state = model.input("x", List.of(1, 1, WIDTH), step).predictOn("y");
        for (int i = 0; i < HIDDEN; i++) {
          assertThat(state[i]).as(kind).isCloseTo(whole[t * HIDDEN + i], within(TOLERANCE));
        }
      }
    }
  }

  @Test
  void orthogonal_givesOrthonormalRowsOrColumns() {
    LibraryModel model =
        new LibraryModel(
            """
            weight wide: f32[3, 8] = orthogonal(2.0)
            weight tall: f32[8, 3] = orthogonal
            weight kernel: f32[4, 2, 3] = orthogonal
            output y = sum(wide) + sum(tall) + sum(kernel)
            """);
    double[] wide = LibraryModel.numbers(model.variable("wide"));
    double[] tall = LibraryModel.numbers(model.variable("tall"));
    double[] kernel = LibraryModel.numbers(model.variable("kernel"));
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        // Single precision, sums of 8 products of numbers below 1: 8 · 2⁻²⁴ for each of two passes.
        assertThat(product(wide, i * 8, 1, j * 8, 8)).isCloseTo(i == j ? 4 : 0, within(4e-6));
        assertThat(product(tall, i, 3, j, 8)).isCloseTo(i == j ? 1 : 0, within(1e-6));
        assertThat(product(kernel, i * 6, 1, j * 6, 6)).isCloseTo(i == j ? 1 : 0, within(1e-6));
      }
    }
  }

  private static double product(double[] x, int first, int stride, int second, int count) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += x[first + k * stride] * x[second + k * stride];
    }
    return sum;
  }

  @Test
  void ctc_isTheProbabilityOfAllSpellings() {
    int steps = 4;
    int classes = 3;
    int[][] labels = {{1, 2}, {2, 2}};
    LibraryModel model =
        new LibraryModel(
                """
                input x: f64[B, T, 3]
                input labels: i32[B, S]
                input mask: bool[B, T]
                input known: bool[B, S]
                output whole = ctc(x, labels)
                output part = ctc(x, labels, mask, known)
                output probability = softmax(x)
                """)
            .random("x", 2, steps, classes)
            .input("labels", LibraryModel.integers(List.of(2, 2), 1, 2, 2, 2))
            .input("mask", LibraryModel.truths(List.of(2, 4), 1, 1, 1, 0, 1, 1, 0, 0))
            .input("known", LibraryModel.truths(List.of(2, 2), 1, 1, 1, 0));
    double[] p = model.predict("probability");
    for (int example = 0; example < 2; example++) {
      double all = spelled(p, example * steps * classes, steps, classes, labels[example]);
      assertThat(model.predict("whole")[example]).isCloseTo(-Math.log(all), within(1e-12));
    }
    double first = spelled(p, 0, 3, classes, labels[0]);
    double second = spelled(p, steps * classes, 2, classes, new int[] {2});
    assertThat(model.predict("part")[0]).isCloseTo(-Math.log(first), within(1e-12));
    assertThat(model.predict("part")[1]).isCloseTo(-Math.log(second), within(1e-12));
  }

  /** The probability of {@code wanted}, summed over all sequences of classes. */
  private static double spelled(double[] p, int start, int steps, int classes, int[] wanted) {
    double sum = 0;
    for (int code = 0; code < Math.pow(classes, steps); code++) {
      List<Integer> read = new ArrayList<>();
      double probability = 1;
      int before = 0;
      for (int t = 0, rest = code; t < steps; t++, rest /= classes) {
        int now = rest % classes;
        probability *= p[start + t * classes + now];
        if (now != before && now != 0) {
          read.add(now);
        }
        before = now;
      }
      if (read.equals(Arrays.stream(wanted).boxed().toList())) {
        sum += probability;
      }
    }
    return sum;
  }

  private static LibraryModel sequence(String statements) {
    return new LibraryModel("input x: f64[B, T, 3]\n" + statements);
  }

  private static void assertSame(
      LibraryModel model, String layer, Cell cell, boolean backward, boolean masked) {
    double[] wanted = expected(model, layer, cell, backward, masked);
    double[] found = model.predict("y");
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(wanted[i], within(TOLERANCE));
    }
  }

  private static double[] expected(
      LibraryModel model, String layer, Cell cell, boolean backward, boolean masked) {
    double[] x = LibraryModel.numbers(model.input("x"));
    double[] w = LibraryModel.numbers(model.variable(layer + ".w"));
    double[] u = LibraryModel.numbers(model.variable(layer + ".u"));
    double[] b = LibraryModel.numbers(model.variable(layer + ".b"));
    double[] states = new double[BATCH * STEPS * HIDDEN];
    for (int example = 0; example < BATCH; example++) {
      double[] h = initial(model, "h", masked, example);
      double[] c = initial(model, "c", masked, example);
      for (int k = 0; k < STEPS; k++) {
        int t = backward ? STEPS - 1 - k : k;
        int place = example * STEPS + t;
        double[] z = b.clone();
        double[] s = new double[b.length];
        for (int j = 0; j < b.length; j++) {
          for (int i = 0; i < WIDTH; i++) {
            z[j] += x[place * WIDTH + i] * w[i * b.length + j];
          }
          for (int i = 0; i < HIDDEN; i++) {
            s[j] += h[i] * u[i * b.length + j];
          }
        }
        if (!masked || model.input("mask").longAt(place) != 0) {
          double[][] next = cell.step(z, s, h, c);
          h = next[0];
          c = next[1];
        }
        System.arraycopy(h, 0, states, place * HIDDEN, HIDDEN);
      }
    }
    return states;
  }

  private static double[] initial(LibraryModel model, String name, boolean given, int example) {
    double[] state = new double[HIDDEN];
    for (int i = 0; given && i < HIDDEN; i++) {
      state[i] = model.input(name).doubleAt(example * HIDDEN + i);
    }
    return state;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double[][] rnn(double[] z, double[] s, double[] h, double[] c) {
    double[] next = new double[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      next[i] = Math.tanh(z[i] + s[i]);
    }
    return new double[][] {next, c};
  }

  private static double[][] lstm(double[] z, double[] s, double[] h, double[] c) {
    double[] state = new double[HIDDEN];
    double[] cells = new double[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      double input = sigmoid(z[i] + s[i]);
      double forget = sigmoid(z[HIDDEN + i] + s[HIDDEN + i] + 1);
      double cell = Math.tanh(z[2 * HIDDEN + i] + s[2 * HIDDEN + i]);
      double output = sigmoid(z[3 * HIDDEN + i] + s[3 * HIDDEN + i]);
      cells[i] = forget * c[i] + input * cell;
      state[i] = output * Math.tanh(cells[i]);
    }
    return new double[][] {state, cells};
  }

  private static Cell gru(double[] d) {
    return (z, s, h, c) -> {
      double[] next = new double[HIDDEN];
      for (int i = 0; i < HIDDEN; i++) {
        double reset = sigmoid(z[i] + s[i]);
        double update = sigmoid(z[HIDDEN + i] + s[HIDDEN + i]);
        double candidate = Math.tanh(z[2 * HIDDEN + i] + reset * (s[2 * HIDDEN + i] + d[i]));
        next[i] = update * h[i] + (1 - update) * candidate;
      }
      return new double[][] {next, c};
    };
  }

  @Test
  void weights_haveTheirPlaces() {
    LibraryModel model = sequence("both = nn.Bidirectional(nn.Gru, 2)\noutput y = x |> both");
    Graph graph = model.graph();
    assertThat(graph.variables())
        .extracting(Variable::name)
        .containsExactly(
            "both.forward.w",
            "both.forward.u",
            "both.forward.b",
            "both.forward.d",
            "both.back.w",
            "both.back.u",
            "both.back.b",
            "both.back.d");
    HostTensor bias = model.variable("both.back.b");
    assertThat(LibraryModel.numbers(bias)).containsOnly(0.0).hasSize(6);
  }
}
