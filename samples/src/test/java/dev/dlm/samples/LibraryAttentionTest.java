package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Node;
import dev.dlm.op.nn.Dot;
import dev.dlm.op.nn.ScaledDotProductAttention;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Positions, attention and transformer blocks of the standard library against plain loops. */
final class LibraryAttentionTest {
  private static final int BATCH = 2;
  private static final int TARGETS = 3;
  private static final int SOURCES = 4;
  private static final int WIDTH = 8;
  private static final double TOLERANCE = 1e-12;

  /** What the plain loops are asked for. */
  private record Setting(int heads, int groups, boolean causal, double base) {}

  /** Whether a target of an example may look at a source. */
  private interface Visible {
    boolean test(int example, int target, int source);
  }

  @Test
  void attention_agreesWithPlainLoops() {
    LibraryModel model =
        self("a = nn.Attention(4)\noutput y = a(x)").random("x", BATCH, TARGETS, WIDTH);
    assertSame(model, new Setting(4, 4, false, 0), (_, _, _) -> true, "x");
  }

  @Test
  void attention_groupedCausalRotaryWithMask_agreesWithPlainLoops() {
    LibraryModel model =
        self("""
        input mask: bool[B, T]
        a = nn.Attention(4, kv_heads = 2, causal = true, rotary_base = 100.0)
        output y = a(x, mask = mask)\
        """)
            .random("x", BATCH, TARGETS, WIDTH)
            // Position 0 of the second example may look nowhere.
            .input("mask", LibraryModel.truths(List.of(BATCH, TARGETS), 1, 1, 0, 0, 1, 1));
    HostTensor mask = model.input("mask");
    assertSame(
        model,
        new Setting(4, 2, true, 100),
        (example, _, source) -> mask.longAt(example * TARGETS + source) != 0,
        "x");
  }

  @Test
  void attention_toAMemoryWithAMaskForEachTarget_agreesWithPlainLoops() {
    LibraryModel model =
        self("""
        input memory: f64[B, S, 5]
        input mask: bool[B, T, S]
        a = nn.Attention(2)
        output y = a(x, memory, mask)\
        """)
            .random("x", BATCH, TARGETS, WIDTH)
            .random("memory", BATCH, SOURCES, 5)
            .input(
                "mask",
                LibraryModel.truths(
                    List.of(BATCH, TARGETS, SOURCES),
                    1,
                    0,
                    0,
                    1,
                    0,
                    1,
                    1,
                    0,
                    0,
                    0,
                    0,
                    0,
                    1,
                    1,
                    1,
                    1,
                    0,
                    0,
                    1,
                    0,
                    1,
                    0,
                    0,
                    0));
    HostTensor mask = model.input("mask");
    assertSame(
        model,
        new Setting(2, 2, false, 0),
        (example, target, source) ->
            mask.longAt((example * TARGETS + target) * SOURCES + source) != 0,
        "memory");
  }

  private static LibraryModel self(String statements) {
    return new LibraryModel("input x: f64[B, T, " + WIDTH + "]\n" + statements);
  }

  private static void assertSame(
      LibraryModel model, Setting setting, Visible visible, String memory) {
    double[] actual = model.predict("y");
    double[] expected = attention(model, setting, visible, memory);
    assertThat(actual)
        .hasSize(BATCH * TARGETS * WIDTH)
        .containsExactly(expected, within(TOLERANCE));
  }

  /** Multi-head attention by its definition, element by element. */
  private static double[] attention(
      LibraryModel model, Setting setting, Visible visible, String memory) {
    HostTensor source = model.input(memory);
    int targets = TARGETS;
    int sources = (int) source.sizes()[1];
    int size = WIDTH / setting.heads();
    double[][] query = dense(model, "a.query", LibraryModel.numbers(model.input("x")), WIDTH);
    int depth = (int) source.sizes()[2];
    double[][] key = dense(model, "a.key", LibraryModel.numbers(source), depth);
    double[][] value = dense(model, "a.value", LibraryModel.numbers(source), depth);
    if (setting.base() > 0) {
      rotate(query, targets, size, setting.base());
      rotate(key, sources, size, setting.base());
    }
    double[] mixed = new double[BATCH * targets * WIDTH];
    for (int example = 0; example < BATCH; example++) {
      for (int target = 0; target < targets; target++) {
        for (int head = 0; head < setting.heads(); head++) {
          int group = head / (setting.heads() / setting.groups());
          double[] weights = new double[sources];
          double total = 0;
          for (int at = 0; at < sources; at++) {
            boolean seen = visible.test(example, target, at) && !(setting.causal() && at > target);
            double score = 0;
            for (int i = 0; i < size; i++) {
              score +=
                  query[example * targets + target][head * size + i]
                      * key[example * sources + at][group * size + i];
            }
            weights[at] = seen ? Math.exp(score / Math.sqrt(size)) : 0;
            total += weights[at];
          }
          for (int at = 0; total > 0 && at < sources; at++) {
            for (int i = 0; i < size; i++) {
              mixed[(example * targets + target) * WIDTH + head * size + i] +=
                  weights[at] / total * value[example * sources + at][group * size + i];
            }
          }
        }
      }
    }
    double[][] result = dense(model, "a.out", mixed, WIDTH);
    double[] flat = new double[mixed.length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = result[i / WIDTH][i % WIDTH];
    }
    return flat;
  }

  private static double[][] dense(LibraryModel model, String layer, double[] x, int depth) {
    HostTensor w = model.variable(layer + ".w");
    int columns = (int) w.sizes()[1];
    double[][] y = new double[x.length / depth][columns];
    for (int row = 0; row < y.length; row++) {
      for (int column = 0; column < columns; column++) {
        for (int i = 0; i < depth; i++) {
          y[row][column] += x[row * depth + i] * w.doubleAt(i * columns + column);
        }
      }
    }
    return y;
  }

  /** Turns pairs (i, i + size / 2) of each head as complex numbers. */
  private static void rotate(double[][] rows, int positions, int size, double base) {
    for (int row = 0; row < rows.length; row++) {
      for (int head = 0; head < rows[row].length / size; head++) {
        for (int i = 0; i < size / 2; i++) {
          double angle = row % positions / Math.pow(base, 2.0 * i / size);
          int at = head * size + i;
          double real = rows[row][at];
          double imaginary = rows[row][at + size / 2];
          rows[row][at] = real * Math.cos(angle) - imaginary * Math.sin(angle);
          rows[row][at + size / 2] = imaginary * Math.cos(angle) + real * Math.sin(angle);
        }
      }
    }
  }

  @Test
  void rotary_turnsPairsByTheirPosition_inBothLayouts() {
    double[] x = {1, 0, 0, 2, 3, -1, 0.5, 1};
    double[] halves =
        new LibraryModel("input x: f64[1, 2, 1, 4]\noutput y = rotary(x, offset = 3)")
            .input("x", List.of(1, 2, 1, 4), x)
            .predict("y");
    double[] neighbours =
        new LibraryModel(
                "input x: f64[1, 2, 1, 4]\noutput y = rotary(x, offset = 3, interleaved = true)")
            .input("x", List.of(1, 2, 1, 4), x)
            .predict("y");
    double[] angles = {3, 3 / 100.0, 4, 4 / 100.0};
    for (int position = 0; position < 2; position++) {
      for (int pair = 0; pair < 2; pair++) {
        double cos = Math.cos(angles[position * 2 + pair]);
        double sin = Math.sin(angles[position * 2 + pair]);
        assertTurned(x, halves, position * 4 + pair, position * 4 + pair + 2, cos, sin);
        assertTurned(x, neighbours, position * 4 + 2 * pair, position * 4 + 2 * pair + 1, cos, sin);
      }
    }
  }

  private static void assertTurned(
      double[] x, double[] y, int first, int second, double cos, double sin) {
    assertThat(y[first]).isCloseTo(x[first] * cos - x[second] * sin, within(TOLERANCE));
    assertThat(y[second]).isCloseTo(x[second] * cos + x[first] * sin, within(TOLERANCE));
  }

  @Test
  void sinusoidalPositions_areThoseOfThePaper() {
    double[] table =
        new LibraryModel(
                "input x: f64[1]\n"
                    + "output y = sinusoidal_positions(50, 6, dtype = f64) + sum(x * 0.0)")
            .random("x", 1)
            .predict("y");
    for (int position = 0; position < 50; position++) {
      for (int column = 0; column < 6; column++) {
        double angle = position / Math.pow(10000, 2.0 * (column / 2) / 6);
        double expected = column % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
        assertThat(table[position * 6 + column]).isCloseTo(expected, within(TOLERANCE));
      }
    }
  }

  @Test
  void positions_areTheFirstRowsOfATable() {
    LibraryModel model =
        new LibraryModel(
                "input x: f64[B, T, 4]\noutput y = x * 0.0 + nn.Positions(9, 4, f64)(x[.., 0])")
            .random("x", 1, 3, 4);
    double[] table = LibraryModel.numbers(model.variable("positions.table"));
    assertThat(model.predict("y")).containsExactly(java.util.Arrays.copyOf(table, 12));
  }

  @Test
  void transformerBlock_namesItsWeightsByWhatTheyAre() {
    LibraryModel model =
        new LibraryModel(
            """
            input x: f64[B, T, 8]
            input memory: f64[B, S, 6]
            y = x |> nn.TransformerBlock(2, causal = true, gated = true, norm = nn.RmsNorm) named block[0]
            output y = nn.DecoderBlock(2, bias = false)(y, memory)\
            """);
    assertThat(model.graph().signature(Graph.PREDICT).reads())
        .contains(
            "block[0].attention.query.w",
            "block[0].attention.out.b",
            "block[0].attention_norm.scale",
            "block[0].feed_forward_norm.scale",
            "block[0].feed_forward.up.w",
            "block[0].feed_forward.linear.w",
            "block[0].feed_forward.down.b",
            "decoder_block.attention.key.w",
            "decoder_block.cross.value.w",
            "decoder_block.cross_norm.shift")
        .doesNotContain("decoder_block.cross.out.b");
  }

  @Test
  void transformerBlock_thatIsCausal_doesNotLookAhead() {
    LibraryModel model =
        self("output y = x |> nn.TransformerBlock(2, causal = true, rotary_base = 10000.0)")
            .random("x", 1, 5, WIDTH);
    double[] before = model.predict("y");
    HostTensor x = model.input("x");
    double[] changed = LibraryModel.numbers(x);
    for (int i = 3 * WIDTH; i < changed.length; i++) {
      changed[i] += 1;
    }
    double[] after = model.input("x", List.of(1, 5, WIDTH), changed).predict("y");
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i] == before[i]).as("element %d", i).isEqualTo(i < 3 * WIDTH);
    }
  }

  @Test
  void attention_hasFourProductsAroundOneOp() {
    LibraryModel model = self("output y = x |> nn.Attention(4)");
    List<Node> nodes = model.graph().signature(Graph.PREDICT).body().nodes();
    assertThat(nodes).filteredOn(node -> node.op() instanceof Dot).hasSize(4);
    assertThat(nodes).filteredOn(node -> node.op() instanceof ScaledDotProductAttention).hasSize(1);
  }

  @Test
  void attentionWithDropout_agreesWithAttentionWithout_whereNothingIsDropped() {
    double[] composed = masked("0.5");
    double[] whole = masked("0.0");
    assertThat(composed).containsExactly(whole, within(TOLERANCE));
  }

  private static double[] masked(String dropout) {
    return self("""
    input mask: bool[B, T]
    a = nn.Attention(4, kv_heads = 2, causal = true, dropout = %s)
    output y = a(x, mask = mask)\
    """
            .formatted(dropout))
        .random("x", BATCH, TARGETS, WIDTH)
        .input("mask", LibraryModel.truths(List.of(BATCH, TARGETS), 1, 1, 0, 0, 1, 1))
        .predict("y");
  }
}
