package dev.dlm.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return Bench.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gem                     | there is no row 'gem'; did you mean 'gemm'?",
        "--peers=onnx            | there is no peer 'onnx'; peers: tensorflow, onnxruntime, pytorch, onednn",
        "--peers=none,pytorch    | there is no peer 'none'",
        "--threads=0             | --threads: expected counts of at least 1, found 0",
        "--threads=two           | Invalid value for option '--threads'",
        "--seconds=-1            | --seconds: expected more than 0 and at most 3600, found -1.0",
        "--seconds=NaN           | --seconds: expected more than 0",
        "--json=/no/such/folder/a | the report cannot be written",
        "--tolerance=1           | Unknown option: '--tolerance=1'",
      })
  void wrongUsage_isSaid(String argument, String message) {
    assertThat(run(argument)).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(message)
        .contains("Try './dev bench --help'.");
    assertThat(out.size()).isZero();
  }

  @Test
  void help_namesTheOptions() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("./dev bench", "--peers", "--threads", "--seconds", "--json");
  }

  @Test
  void rows_areThoseOfTheWorkAndOfTheStart() {
    assertThat(Rows.all())
        .startsWith("gemm", "gemm-thin", "gemv", "mlp-train")
        .endsWith("softmax", "cold-start", "footprint")
        .doesNotHaveDuplicates();
  }
}
