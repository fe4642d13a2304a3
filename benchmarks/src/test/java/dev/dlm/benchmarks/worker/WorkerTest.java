package dev.dlm.benchmarks.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.benchmarks.report.Measurement;
import dev.dlm.benchmarks.report.Results;
import dev.dlm.benchmarks.work.Workload;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerTest {

  @Test
  void rounds_beginWhenTheWorkIsWarm(@TempDir Path folder) throws Exception {
    Workload work = new Workload.Product("gemv", 1, 128, 784);
    Path results = folder.resolve("results");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Worker.measure(
        "dlm",
        work,
        1,
        0.05,
        results,
        new BufferedReader(new StringReader("0.01\n0.02\n")),
        new PrintStream(out, true, StandardCharsets.UTF_8));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(3).first().isEqualTo(Worker.READY);
    for (String line : lines.subList(1, 3)) {
      Measurement round = Measurement.parse(line);
      assertThat(round.engine()).isEqualTo("dlm");
      assertThat(round.figures().get(Measurement.RUN)).isPositive();
    }
    assertThat(Results.read(results)).hasSize(128);
  }
}
