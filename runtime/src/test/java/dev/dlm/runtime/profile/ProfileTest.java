package dev.dlm.runtime.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.Graph;
import dev.dlm.plan.cost.CostModel;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.session.TestModels;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles, traces and recordings of a session. */
class ProfileTest {
  private static final int BATCH = 5;

  private Session session;
  private Call call;

  @TempDir private Path folder;

  @BeforeEach
  void open() {
    session = Session.open(TestModels.affine(), SessionOptions.defaults().withDevice("reference"));
    call = session.prepare(Graph.PREDICT).input("x", Tensor.of(new float[BATCH * 3], BATCH, 3));
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void profile_hasTheStepsOfThePlanAndTheirCallsAreTheRuns() {
    Profile profile = Profile.of(call.program(), call.sizes());
    for (int run = 0; run < 4; run++) {
      call.runObserved(profile);
    }
    List<StepProfile> steps = profile.steps();
    assertThat(steps.stream().map(step -> step.step().numbered().step()))
        .isEqualTo(call.program().steps());
    assertThat(steps).allMatch(step -> step.calls() == 4);
    assertThat(steps)
        .allMatch(step -> step.minNanos() <= step.medianNanos())
        .allMatch(step -> step.medianNanos() <= step.p99Nanos())
        .allMatch(step -> step.totalNanos() >= 4 * step.minNanos());
    double operations = steps.stream().mapToDouble(StepProfile::operations).sum();
    assertThat(operations)
        .isEqualTo(CostModel.at(call.sizes()).of(call.program()).operations().asLong())
        .isEqualTo(BATCH * 2 * (2 * 3 + 1));
    assertThat(profile.totalNanos())
        .isEqualTo(steps.stream().mapToLong(StepProfile::totalNanos).sum());
  }

  @Test
  void runObserved_givesTheOutputsOfRun() {
    session.initialize(3);
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
    Tensor y = Tensor.zeros(x.dtype(), 1, 2);
    call.input("x", x).output("y", y.memory());
    call.runObserved(Profile.of(call.program(), call.sizes()));
    assertThat(y.floats()).isEqualTo(session.run(Graph.PREDICT, Map.of("x", x)).get("y").floats());
  }

  @Test
  void shareOf_isTheLeastTimeByTheMedianTime() {
    CostedStep step = CostedStep.of(call.program(), call.sizes()).get(0);
    StepProfile profile = new StepProfile(step, 2, 300, 100, 200, 200, 40, 10);
    assertThat(profile.operationsPerSecond()).isEqualTo(0.2e9);
    assertThat(profile.bytesPerSecond()).isEqualTo(0.05e9);
    assertThat(profile.shareOf(new DeviceLimits(1e9, 1e9))).isEqualTo(0.2);
    assertThat(profile.shareOf(new DeviceLimits(1e9, 0.1e9))).isEqualTo(0.5);
  }

  private List<RecordedEvent> recorded(String... events) throws IOException {
    Path file = folder.resolve("runs.jfr");
    try (Recording recording = new Recording()) {
      for (String event : events) {
        recording.enable(event).withoutThreshold();
      }
      recording.start();
      call.run();
      call.run();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> all = new ArrayList<>(RecordingFile.readAllEvents(file));
    all.removeIf(event -> !event.getEventType().getName().startsWith("dev.dlm."));
    return all;
  }

  @Test
  void recording_holdsRunsAndStepsWithWhatTheyTook() throws IOException {
    List<RecordedEvent> all = recorded("dev.dlm.Run", "dev.dlm.Step");
    List<RecordedEvent> runs =
        all.stream().filter(event -> event.getEventType().getName().endsWith("Run")).toList();
    List<RecordedEvent> steps =
        all.stream().filter(event -> event.getEventType().getName().endsWith("Step")).toList();
    assertThat(runs).hasSize(2);
    RecordedEvent run = runs.get(0);
    assertThat(run.getString("program")).isEqualTo("predict");
    assertThat(run.getString("sizes")).isEqualTo("{B=5}");
    assertThat(run.getInt("threads")).isEqualTo(SessionOptions.defaults().threads());
    assertThat(run.getLong("operations")).isEqualTo(BATCH * 2 * (2 * 3 + 1));
    assertThat(run.getDuration()).isPositive();
    assertThat(steps).hasSize(2 * call.program().steps().size());
    assertThat(steps.stream().filter(step -> step.getString("kernel").equals("dot")))
        .hasSize(2)
        .allMatch(step -> step.getLong("operations") == BATCH * 2 * 2 * 3)
        .allMatch(step -> step.getLong("bytes") == 4 * (BATCH * 3 + 3 * 2 + BATCH * 2))
        .allMatch(step -> step.getString("program").equals("predict"))
        .allMatch(step -> !step.getEndTime().isAfter(run.getEndTime().plusSeconds(60)));
    assertThat(steps.stream().map(step -> step.getString("step")).distinct())
        .containsExactlyElementsOf(
            CostedStep.of(call.program(), call.sizes()).stream()
                .map(step -> step.numbered().path())
                .toList());
  }

  @Test
  void recording_ofRunsAloneHasNoSteps() throws IOException {
    assertThat(recorded("dev.dlm.Run"))
        .hasSize(2)
        .allMatch(event -> event.getEventType().getName().equals("dev.dlm.Run"));
    assertThat(RunRecorder.isWanted()).isFalse();
  }

  @Test
  void recording_thatDoesNotAskForThemHasNeither() throws IOException {
    assertThat(recorded()).isEmpty();
  }

  @Test
  void recording_namesTheLineOfTheModel() throws IOException {
    call = session.prepare("logarithm").input("z", Tensor.of(new float[] {1, 2}, 2));
    assertThat(recorded("dev.dlm.Step"))
        .anyMatch(event -> event.getString("location").equals("affine.dlm:7:3"));
  }

  @Test
  void lines_shareTheTimeOfTheirSteps() {
    Call logarithm = session.prepare("logarithm").input("z", Tensor.of(new float[] {1, 2}, 2));
    Profile profile = Profile.of(logarithm.program(), logarithm.sizes());
    logarithm.runObserved(profile);
    List<LineProfile> lines = LineProfile.of(profile.steps());
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).file()).isEqualTo("affine.dlm");
    assertThat(lines.get(0).line()).isEqualTo(7);
    double located =
        profile.steps().stream()
            .filter(step -> !step.step().place().isEmpty())
            .mapToLong(StepProfile::totalNanos)
            .sum();
    assertThat(lines.get(0).nanos()).isEqualTo(located);
  }

  @Test
  void measureLimits_asksTheDevice() {
    assertThat(session.measureLimits()).contains(new DeviceLimits(1e9, 1e8));
  }

  @Test
  void trace_isWrittenAsideAndBounded() throws IOException {
    Trace trace = new Trace(call.program().steps().size() + 1);
    Path file = Files.writeString(folder.resolve("trace.json"), "old");
    var observer = trace.observe(call.program(), call.sizes());
    call.runObserved(observer);
    assertThat(trace.isFull()).isTrue();
    call.runObserved(observer);
    assertThat(trace.countDropped()).isEqualTo(call.program().steps().size() + 1);
    trace.write(file);
    assertThat(Files.readString(file))
        .startsWith("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n")
        .contains("{\"name\":\"dot\",\"cat\":\"step\",\"ph\":\"X\",\"pid\":1,\"tid\":")
        .contains("{\"name\":\"predict\",\"cat\":\"run\"")
        .endsWith("]}\n");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
