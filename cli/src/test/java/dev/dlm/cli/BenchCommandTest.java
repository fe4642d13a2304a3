package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dlm bench}, {@code dlm show --profile} and traces of trainings. */
class BenchCommandTest {
  private static final Object[] BRIEFLY = {"--seconds", "0.05", "--warmup", "0", "--json"};

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model =
        Files.writeString(
            folder.resolve("line.dlm"),
            """
            model Line {
              input x: f32[B, 3]
              input y: f32[B, 2]
              weight slope: f32[3, 2] = 1.0
              output z = x @ slope + y
            }
            """);
  }

  private static CommandRun bench(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("bench"));
    all.addAll(List.of(arguments));
    all.addAll(List.of(BRIEFLY));
    return CommandRun.of(all.toArray());
  }

  private static List<Map<String, Object>> events(CommandRun run, String kind) {
    return run.events().stream().filter(event -> event.get("event").equals(kind)).toList();
  }

  @Test
  void bench_tellsLatencyAndCostOfARun() {
    CommandRun run = bench(model, "--size", "B=4", "--threads", 1, "--callers", 2);

    assertThat(run.exitCode()).isZero();
    Map<String, Object> event = run.lastEvent();
    assertThat(event)
        .containsEntry("event", "bench")
        .containsEntry("model", "Line")
        .containsEntry("signature", "predict")
        .containsEntry("sizes", Map.of("B", 4.0))
        .containsEntry("callers", 2.0)
        .containsEntry("operations", 4.0 * 2 * (2 * 3 + 1))
        .containsEntry("bytes", 4.0 * (4 * 3 + 3 * 2 + 4 * 2 + 4 * 2))
        .containsEntry("exact", true);
    assertThat((double) event.get("runs")).isGreaterThanOrEqualTo(2);
    Map<?, ?> nanos = (Map<?, ?>) event.get("latencyNanos");
    assertThat((double) nanos.get("p50"))
        .isPositive()
        .isLessThanOrEqualTo((double) nanos.get("p90"));
    assertThat((double) nanos.get("p99")).isLessThanOrEqualTo((double) nanos.get("max"));
    assertThat((Map<?, ?>) event.get("limits")).hasSize(2);
  }

  @Test
  void bench_withProfileHasOneEventForEachStepAndLine() {
    CommandRun run = bench(model, "--size", "B=4", "--threads", 1, "--profile");

    List<Map<String, Object>> steps = events(run, "step-profile");
    assertThat(steps).hasSize(1);
    assertThat(steps.get(0))
        .containsEntry("step", "0")
        .containsEntry("kernel", "dot then loop(add)")
        .containsKeys("calls", "medianNanos", "shareOfLimit");
    assertThat((String) steps.get(0).get("place")).contains("line.dlm:5");
    assertThat(events(run, "line-profile"))
        .singleElement()
        .satisfies(line -> assertThat(line).containsEntry("line", 5.0));
  }

  @Test
  void bench_forPeopleIsATable() {
    CommandRun run =
        CommandRun.of(
            "bench",
            model,
            "--size",
            "B=4",
            "--threads",
            1,
            "--seconds",
            0.05,
            "--warmup",
            0,
            "--profile");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("predict of Line for {B=4}, 1 caller, ")
        .containsPattern("\n  latency +p50 [0-9.]+ (µs|ms), p90 ")
        .containsPattern("\n  a run +56 operations, 136 bytes\n")
        .containsPattern("\n  step +calls +total ms +share +median µs ")
        .containsPattern("\n  0 .* dot then loop\\(add\\) +\\S*line.dlm:5");
  }

  @Test
  void bench_writesATraceWhoseEventsNest() throws IOException {
    Path looped =
        Files.writeString(
            folder.resolve("looped.dlm"),
            """
            model Looped {
              input x: f32[T, 4]
              last, all = scan row in x carry h = full([4], 0.0) {
                h = tanh(h + row)
                yield h
              }
              output last
            }
            """);
    Path trace = folder.resolve("trace.json");
    CommandRun run = bench(looped, "--size", "T=3", "--threads", 1, "--trace", trace);

    assertThat(run.exitCode()).as(run.out()).isZero();
    Map<String, Object> traced = events(run, "traced").get(0);
    Map<String, Object> file = CommandRun.parse(Files.readString(trace));
    List<Map<String, Object>> complete =
        ((List<?>) file.get("traceEvents"))
            .stream()
                .map(BenchCommandTest::object)
                .filter(event -> event.get("ph").equals("X"))
                .toList();
    assertThat(complete).hasSize(((Double) traced.get("events")).intValue());
    assertThat(complete).allSatisfy(event -> assertThat((double) event.get("dur")).isNotNegative());
    Map<String, Integer> counts = new HashMap<>();
    for (Map<String, Object> event : complete) {
      String step = (String) object(event.get("args")).getOrDefault("step", "run");
      counts.merge(step, 1, Integer::sum);
      if (step.contains(".body.")) {
        String outer = step.substring(0, step.indexOf('.'));
        assertThat(complete)
            .anyMatch(other ->
                outer.equals(object(other.get("args")).get("step")) && isWithin(event, other));
      } else if (!step.equals("run")) {
        assertThat(complete)
            .anyMatch(other -> other.get("cat").equals("run") && isWithin(event, other));
      }
    }
    int runs = counts.get("run");
    assertThat(counts.entrySet().stream().filter(count -> count.getKey().contains(".body.")))
        .isNotEmpty()
        .allMatch(count -> count.getValue() == 3 * runs);
  }

  private static boolean isWithin(Map<String, Object> inner, Map<String, Object> outer) {
    // The file has whole nanoseconds in microseconds.
    double slack = 0.0015;
    double begin = (double) inner.get("ts");
    double outerBegin = (double) outer.get("ts");
    return inner.get("tid").equals(outer.get("tid"))
        && begin >= outerBegin - slack
        && begin + (double) inner.get("dur") <= outerBegin + (double) outer.get("dur") + slack;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  @Test
  void bench_saysWhichSizesAreMissingOrUnknown() {
    CommandRun missing = CommandRun.of("bench", model);
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err())
        .contains("error[missing-size]: 'predict' is for any size B, and none is given")
        .contains("help: give one: --size B=64");

    CommandRun unknown = CommandRun.of("bench", model, "--size", "C=4");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("error[unknown-size]: 'predict' has no size 'C'");

    CommandRun signature = CommandRun.of("bench", model, "--signature", "trian");
    assertThat(signature.exitCode()).isEqualTo(1);
    assertThat(signature.err()).contains("error[unknown-signature]").contains("predict");
  }

  @Test
  void bench_takesInputsFromFilesAndSeesThatSizesContradict() throws IOException {
    Path y = Files.writeString(folder.resolve("y.json"), "[[1, 2], [3, 4]]");
    CommandRun told = bench(model, "--input", "y=" + y, "--threads", 1);
    assertThat(told.exitCode()).isZero();
    assertThat(told.lastEvent()).containsEntry("sizes", Map.of("B", 2.0));

    CommandRun contradicted = CommandRun.of("bench", model, "--input", "y=" + y, "--size", "B=3");
    assertThat(contradicted.exitCode()).isEqualTo(1);
    assertThat(contradicted.err()).contains("error[size-conflict]");
  }

  @Test
  void show_ofThePlanWithProfileHasMeasuredColumns() {
    CommandRun run = CommandRun.of("show", model, "--after=plan", "--profile", "--size", "B=4");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith("signature predict\n  input x: f32[B, 3]\n")
        .contains("  operations of a run: 14*B\n")
        .contains("  bytes of a run: 28*B + 24\n")
        .containsPattern("\n  step +calls +total ms ")
        .containsPattern("\n +100.0 % +\\S*line.dlm:5\n");
    assertThat(CommandRun.of("show", model, "--profile").exitCode()).isEqualTo(2);
  }

  @Test
  void train_writesATraceOfTheFirstBatches() throws IOException {
    TinyProject project = TinyProject.in(folder);
    Path trace = folder.resolve("train.json");
    CommandRun run =
        CommandRun.of(
            "train",
            project.model(),
            "--data",
            folder,
            "--out",
            folder.resolve("out"),
            "--epochs",
            1,
            "--max-batches",
            3,
            "--trace",
            trace,
            "--trace-batches",
            2);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(trace).split("\"cat\":\"run\"", -1)).hasSize(2 + 1);
  }
}
