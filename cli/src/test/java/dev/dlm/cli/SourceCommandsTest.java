package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that read a {@code .dlm} file and run nothing. */
class SourceCommandsTest {
  private static final String FIVE_MISTAKES =
      """
      import nn

      model Five() {
        input image: f32[B, 4]
        input label: i32[B]

        a = image |> nn.Dense(3) |> reluu
        b = image |> nn.Dense()
        c = image @ zeros([5, 3])
        d = image + label
        logits = image |> nn.Dense(units = 3, bais = false)

        output probability = softmax(logits)
        loss = mean(cross_entropy(logits, label))
      }
      """;

  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyProject.in(folder).model();
  }

  @Test
  void check_describesASoundModel() {
    CommandRun run = CommandRun.of("check", model);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .isEqualTo(
            model
                + ": model Tiny, 4 weights of 323 numbers; initialize, predict, evaluate, train\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void check_reportsFiveMistakesInOrderEachWithPlaceAndCaret() throws IOException {
    Path file = Files.writeString(folder.resolve("five.dlm"), FIVE_MISTAKES);

    CommandRun run = CommandRun.of("check", file);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().filter(line -> line.contains(": error[")))
        .extracting(line -> line.substring(file.toString().length(), line.indexOf(']') + 1))
        .containsExactly(
            ":7:31: error[unknown-name]",
            ":8:16: error[argument-count]",
            ":9:7: error[shape-mismatch]",
            ":10:7: error[dtype-mismatch]",
            ":11:41: error[unknown-argument]");
    assertThat(run.err())
        .contains(
            """
             7 |   a = image |> nn.Dense(3) |> reluu
               |                               ^^^^^
              help: did you mean 'relu'?
            """);
    assertThat(run.err().lines().filter(line -> line.strip().matches("\\| +\\^+"))).hasSize(5);
  }

  @Test
  void check_givesMistakesAsObjectsForMachines() throws IOException {
    Path file = Files.writeString(folder.resolve("five.dlm"), FIVE_MISTAKES);

    CommandRun run = CommandRun.of("check", "--json", file, model);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
    assertThat(run.events()).hasSize(7);
    assertThat(run.events().getFirst())
        .containsEntry("event", "diagnostic")
        .containsEntry("code", "unknown-name")
        .containsEntry("line", 7.0)
        .containsEntry("column", 31.0)
        .containsEntry("endColumn", 36.0)
        .containsEntry("help", "did you mean 'relu'?");
    assertThat(run.events().get(5))
        .containsEntry("event", "checked")
        .containsEntry("mistakes", 5.0);
    assertThat(run.lastEvent()).containsEntry("mistakes", 0.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          "output y = relu(x, x)"                              | 4:22: error[argument-count]
          "output y = x * z"                                   | 4:14: error[dtype-mismatch]
          "output y = x * zeros([3])"                          | 4:14: error[shape-mismatch]
          "output y = x |> Loop(4)"                            | 4:19: error[endless-recursion]
          "output y = both(zeros([3]), zeros([4]))"            | error[shape-mismatch]
          "output y = x +"                                     | error[syntax]
          """)
  void check_namesThePlaceOfEachKindOfMistake(String statement, String summary) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("bad.dlm"),
            """
            import nn
            model Bad() { input x: f32[B, 4]
              input z: i32[B, 4]
              %s
            }
            layer Loop(units: int) {
              apply(x: f32[..B, units]) -> f32[..B, units] { return x |> Loop(units) }
            }
            function both(a: f32[N], b: f32[N]) -> f32[N] = a + b
            """
                .formatted(statement));

    CommandRun run = CommandRun.of("check", file);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith(file + ":").contains(summary).doesNotContain("Exception");
  }

  @Test
  void check_reportsImportsInACircle() throws IOException {
    Path first = Files.writeString(folder.resolve("first.dlm"), "import \"second.dlm\"\n");
    Files.writeString(folder.resolve("second.dlm"), "import \"first.dlm\"\n");

    CommandRun run = CommandRun.of("check", first);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("error[import-cycle]").contains("second.dlm:1:1");
  }

  @Test
  void check_reportsAMissingFile() {
    CommandRun run = CommandRun.of("check", folder.resolve("none.dlm"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error[file-").contains("none.dlm");
  }

  @Test
  void fmt_laysAFileOutAnewAndCheckOnlyTells() throws IOException {
    String laidOut = Files.readString(model);
    Files.writeString(model, laidOut.replace("  input", "      input"));

    CommandRun check = CommandRun.of("fmt", "--check", model);
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.out()).isEqualTo(model + " would change\n");
    assertThat(Files.readString(model)).isNotEqualTo(laidOut);

    CommandRun run = CommandRun.of("fmt", model, "--json");
    assertThat(run.exitCode()).isZero();
    assertThat(run.lastEvent())
        .isEqualTo(Map.of("event", "format", "file", model.toString(), "changed", true));
    assertThat(Files.readString(model)).isEqualTo(laidOut);
    assertThat(CommandRun.of("fmt", "--check", model)).isEqualTo(new CommandRun(0, "", ""));
  }

  @Test
  void fmt_leavesAFileWithMistakesAlone() throws IOException {
    Files.writeString(model, "model Tiny( {");

    CommandRun run = CommandRun.of("fmt", model);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(":1:13: error[syntax]");
    assertThat(Files.readString(model)).isEqualTo("model Tiny( {");
  }

  @Test
  void show_ofThePlanListsStepsWithTheirLinesAndThePeakBytesAsAFormula() {
    CommandRun run = CommandRun.of("show", model, "--after=plan", "--signature", "predict");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("signature predict\n  input image: f32[B, 16]\n  output probability: f32[B, 3]\n")
        .containsPattern("peak bytes beside the variables: .*B")
        .containsPattern(
            "dot then loop\\(add, maximum\\) +f32\\[B, 16\\] in #\\d+ +\\S*tiny.dlm:9:21")
        .doesNotContain("signature train");
  }

  @Test
  void show_ofThePlanUnderALimitOfMemorySaysWhatIsComputedAgain() throws IOException {
    Path deep =
        Files.writeString(
            folder.resolve("deep.dlm"),
            """
            import nn

            model Deep {
              input x: f32[B, 32]
              y = x
              repeat i in 0..8 {
                y = y |> nn.Dense(32) |> nn.LayerNorm() |> gelu
              }
              loss = mean(y * y)
            }

            train Deep {
              data x = idx("x")
              minimize loss
              optimizer sgd(rate = 0.1)
              batch 128
            }
            """);
    CommandRun plain =
        CommandRun.of("show", deep, "--after=plan", "--signature", "train", "--max-memory", "1G");
    CommandRun small =
        CommandRun.of("show", deep, "--after=plan", "--signature", "train", "--max-memory", "350K");

    assertThat(plain.exitCode()).isZero();
    assertThat(plain.err()).doesNotContain("memory:");
    assertThat(small.exitCode()).isZero();
    assertThat(small.err())
        .containsPattern("memory: train: [0-9,]+ bytes became [0-9,]+; [0-9]+ values");
    assertThat(small.out()).isNotEqualTo(plain.out());
  }

  @Test
  void show_printsTheGraphAfterAnyPassSoThatItParsesBack() {
    CommandRun before = CommandRun.of("show", model, "--complete");
    CommandRun after = CommandRun.of("show", model, "--complete", "--after=expand-gradients");

    assertThat(before.out()).contains("gradient(");
    assertThat(after.out()).doesNotContain("= gradient(").isNotEqualTo(before.out());
    assertThat(GraphPrinter.print(GraphParser.parse(after.out(), "show"))).isEqualTo(after.out());
  }

  @Test
  void show_drawsGraphsAndPlans() {
    for (String stage : new String[] {"--after=expand-gradients", "--after=plan"}) {
      CommandRun run = CommandRun.of("show", model, "--format=dot", stage);

      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .startsWith("digraph \"Tiny\" {\n")
          .contains("label=\"train\"")
          .contains("-> \"predict output probability\" [label=\"f32[B, 3]\"]")
          .endsWith("}\n");
    }
  }

  @Test
  void show_listsThePassesWhereOneIsUnknown() {
    CommandRun run = CommandRun.of("show", model, "--after=fold-constant");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("error[unknown-pass]").contains("fold-constants");
  }

  @Test
  void devices_tellsWhatTheProcessorCanDo() {
    CommandRun run = CommandRun.of("devices", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.events())
        .anySatisfy(event ->
            assertThat(event).containsEntry("event", "device").containsEntry("name", "cpu"));
  }
}
