package dev.dlm.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.benchmarks.limit.Limits;
import dev.dlm.benchmarks.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Workload GEMM = new Workload.Product("gemm", 256, 256, 256);
  private static final Workload LATENCY = new Workload.MlpLatency();

  private final Report report = new Report(List.of("dlm", "tensorflow", "pytorch"));

  private void measured(String engine, String work, Map<String, Double> figures) {
    report.add(new Measurement(engine, "1", work, 1, figures));
  }

  private static String columns(String line) {
    return line.replaceAll(" +", " ");
  }

  @Test
  void line_setsOursAgainstTheBestPeerAndTheLimit() {
    report.add(new Limits(1, 100e9, 1, 1, 1));
    // 33.6 MFLOP.
    measured("dlm", GEMM.name(), Map.of(Measurement.RUN, 0.0005));
    measured("tensorflow", GEMM.name(), Map.of(Measurement.RUN, 0.001));
    measured("pytorch", GEMM.name(), Map.of(Measurement.RUN, 0.0004));
    assertThat(columns(report.heading()))
        .isEqualTo("row T unit dlm tensorflow pytorch time/peer time/limit");
    assertThat(report.lines(GEMM, 1))
        .singleElement()
        .satisfies(line ->
            assertThat(columns(line))
                .isEqualTo("gemm-256x256x256 1 GFLOP/s 67.1 33.6 83.9 1.25 1.49"));
    assertThat(report.lines(GEMM, 2)).isEmpty();
  }

  @Test
  void engineThatDoesNotTakePart_hasADash() {
    measured("dlm", GEMM.name(), Map.of(Measurement.RUN, 0.0005));
    measured("tensorflow", GEMM.name(), Map.of());
    assertThat(columns(report.lines(GEMM, 1).getFirst()))
        .isEqualTo("gemm-256x256x256 1 GFLOP/s 67.1 – – – –");
  }

  @Test
  void latency_hasALineForEachFigure() {
    measured("dlm", LATENCY.name(), Map.of(Measurement.P50, 3.5e-6, Measurement.CALL, 4e-6));
    assertThat(report.lines(LATENCY, 1))
        .extracting(ReportTest::columns)
        .containsExactly(
            "mlp-latency p50 1 µs 3.50 – – – –", "mlp-latency rate 1 calls/s 250,000 – – – –");
  }

  @Test
  void start_withTheCache_standsAgainstThePeersWithout() {
    measured("dlm", Report.EMPTY_START, Map.of(Measurement.RUN, 0.05));
    measured(
        "dlm", Report.START, Map.of(Measurement.RUN, 0.2, Report.RESIDENT, 80e6, Report.JARS, 4e6));
    measured("dlm", Report.CACHED_START, Map.of(Measurement.RUN, 0.1));
    measured(
        "pytorch",
        Report.START,
        Map.of(Measurement.RUN, 0.8, Report.RESIDENT, 160e6, Report.JARS, 100e6));
    assertThat(report.startLines())
        .extracting(ReportTest::columns)
        .containsExactly(
            "cold-start 1 ms 200 – 800 0.25 4.00", "cold-start AOT 1 ms 100 – – 0.13 2.00");
    assertThat(report.footprintLines())
        .extracting(ReportTest::columns)
        .containsExactly(
            "footprint memory 1 MB 80.0 – 160 0.50 –", "footprint jars 1 MB 4.00 – 100 0.04 –");
  }

  @Test
  void measurement_survivesItsJson() throws IOException {
    Measurement measurement =
        new Measurement("dlm", "dlm \"1\"", "gemm", 2, Map.of("run", 1.5e-7, "p50", 3.0));
    assertThat(Measurement.parse(measurement.toJson())).isEqualTo(measurement);
  }

  @Test
  void json_holdsWhatWasFound(@TempDir Path folder) throws IOException {
    report.add(new Limits(1, 100e9, 1, 1, 1));
    measured("dlm", GEMM.name(), Map.of(Measurement.RUN, 0.0005));
    report.fault("pytorch failed");
    Path file = folder.resolve("report.json");
    report.write(file, Map.of("jdk", "25"));
    assertThat(Files.readString(file))
        .contains("\"jdk\" : \"25\"", "\"run\" : 5.0E-4", "\"pytorch failed\"", "1.0E11");
  }

  @Test
  void results_surviveTheirFile(@TempDir Path folder) throws IOException {
    float[] numbers = {1, -0f, Float.MIN_VALUE, Float.NaN};
    Path file = folder.resolve("results");
    Results.write(file, numbers);
    assertThat(Results.read(file)).containsExactly(numbers);
  }
}
