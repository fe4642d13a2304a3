package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands with a file in which the graph has loops and branches. */
class ControlFlowCommandsTest {
  private static final String TEXT =
      """
      import nn

      function newton_root(a: f32[]) -> f32[] {
        x, before = while abs(x - before) > 1e-6 * x carry x = a, before = 0.0 limit 60 {
          before = x
          x = 0.5 * (x + a / x)
        }
        return x
      }

      model Loops {
        input xs: f32[B, T, 3]
        last, means = scan x in xs over axis 1 carry m = full([B, 3], 0.0) {
          m = 0.5 * m + 0.5 * x
          yield m
        }
        output scaled = cond max(means) > 1.0 {
          yield means / max(means)
        } else {
          yield means |> nn.Lstm(3)
        }
        output last
      }

      test "newton finds roots" {
        expect newton_root(2.0) ≈ sqrt(2.0)
      }

      test "a scan adds up" {
        total, sums = scan i in 0..5 carry total = 0 {
          total = total + i
          yield total
        }
        expect total ≈ 10
        expect all(sums == [0, 1, 3, 6, 10])
      }
      """;

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void writeModel() throws IOException {
    model = Files.writeString(folder.resolve("loops.dlm"), TEXT);
  }

  @Test
  void check_andFmt_takeLoopsAndBranches() {
    assertThat(CommandRun.of("check", model).exitCode()).isZero();
    assertThat(CommandRun.of("fmt", "--check", model)).isEqualTo(new CommandRun(0, "", ""));
  }

  @Test
  void show_printsInnerBodiesSoThatTheyParseBack() {
    CommandRun graph = CommandRun.of("show", model, "--complete");
    CommandRun plan = CommandRun.of("show", model, "--after=plan", "--signature", "predict");

    assertThat(graph.out()).contains("scan(").contains("cond(");
    assertThat(GraphPrinter.print(GraphParser.parse(graph.out(), "show"))).isEqualTo(graph.out());
    assertThat(plan.exitCode()).isZero();
    assertThat(plan.out()).contains("peak bytes beside the variables").contains("loops.dlm:13:17");
  }

  @Test
  void test_runsThem() {
    CommandRun run = CommandRun.of("test", model);

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
  }
}
