package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlm run} of models that nobody trains. */
class RunCommandTest {
  @TempDir private Path folder;

  @Test
  void aModelWithoutWeights_needsNoCheckpoint() throws IOException {
    Path model =
        Files.writeString(
            folder.resolve("counter.dlm"),
            """
            model Counter {
              input x: f32[B]
              stream calls: i32[]
              next calls = calls + 1
              output sum = sum(x)
              output calls = calls + 1
            }
            """);
    Path x = Files.writeString(folder.resolve("x.json"), "[1, 2, 4]");

    CommandRun run = CommandRun.of("run", model, "--input", "x=" + x);

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("sum: f32[]\n    7").contains("calls: i32[]\n    1");
  }

  @Test
  void aModelWithWeights_saysThatTheyAreMissing() throws IOException {
    Path model =
        Files.writeString(
            folder.resolve("line.dlm"),
            """
            model Line {
              input x: f32[B]
              weight slope: f32[] = 1.0
              output y = x * slope
            }
            """);
    Path x = Files.writeString(folder.resolve("x.json"), "[1, 2, 4]");

    CommandRun run = CommandRun.of("run", model, "--input", "x=" + x);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("error[file-read]: there are no weights at");
  }
}
