package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.checkpoint.CheckpointWriter;
import dev.dlm.runtime.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
  private static final SessionOptions OPTIONS =
      SessionOptions.defaults().withDevice("reference").withThreads(1);

  @AfterEach
  void everythingIsGivenBack() {
    ReferenceDevice.atRun = () -> {};
    assertThat(ReferenceDevice.OPEN_DEVICES).hasValue(0);
    assertThat(ReferenceDevice.OPEN_FRAMES).hasValue(0);
    assertThat(ReferenceDevice.OPEN_MEMORIES).hasValue(0);
  }

  private static Session open() {
    return Session.open(TestModels.affine(), OPTIONS);
  }

  private static Tensor rows(int count) {
    float[] elements = new float[count * 3];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = i;
    }
    return Tensor.of(elements, count, 3);
  }

  private static List<String> codes(Runnable action) {
    GraphException thrown = catchThrowableOfType(GraphException.class, action::run);
    return thrown.diagnostics().stream().map(Diagnostic::code).toList();
  }

  @Test
  void run_givesTheOutputsForAnyBatchSize() {
    try (Session session = open()) {
      session.initialize(2);
      assertThat(session.run("predict", Map.of("x", rows(1))).get("y").floats())
          .containsExactly(6.5f, 6.5f);
      Tensor y = session.run("predict", Map.of("x", rows(2))).get("y");
      assertThat(y.sizes()).containsExactly(2, 2);
      assertThat(y.floats()).containsExactly(6.5f, 6.5f, 24.5f, 24.5f);
      assertThat(session.run("predict", Map.of("x", rows(0))).get("y").count()).isZero();
    }
  }

  @Test
  void run_reportsUnknownAndMissingInputsTogether() {
    try (Session session = open()) {
      GraphException thrown =
          catchThrowableOfType(
              GraphException.class, () -> session.run("pair", Map.of("lefd", rows(1))));
      assertThat(thrown.diagnostics())
          .extracting(Diagnostic::code)
          .containsExactly("unknown-input", "missing-input", "missing-input", "missing-input");
      assertThat(thrown.diagnostics().getFirst().help()).contains("did you mean 'left'?");
      assertThat(thrown).hasMessageContaining("needs the input 'twice' of type f32[2*B]");
    }
  }

  @Test
  void run_rejectsOtherTypes() {
    try (Session session = open()) {
      assertThatThrownBy(() -> session.run("predict", Map.of("x", Tensor.of(new int[6], 2, 3))))
          .hasMessageContaining("the input 'x' of 'predict' is f32[B, 3], found i32[2, 3]");
      assertThat(codes(() -> session.run("predict", Map.of("x", Tensor.of(new float[3], 3)))))
          .containsExactly("input-type");
      assertThat(codes(() -> session.run("predict", Map.of("x", Tensor.of(new float[4], 1, 4)))))
          .containsExactly("input-type");
    }
  }

  private static Map<String, Tensor> pair(int left, int right, int twice) {
    return Map.of(
        "left", Tensor.of(new float[left], left),
        "right", Tensor.of(new float[right], right),
        "twice", Tensor.of(new float[twice], twice));
  }

  @Test
  void run_rejectsSizesThatContradictEachOther() {
    try (Session session = open()) {
      assertThat(session.run("pair", pair(2, 2, 4))).containsOnlyKeys("sum", "twice");
      assertThatThrownBy(() -> session.run("pair", pair(2, 3, 4)))
          .hasMessageContaining(
              "the size B of 'pair' is 2 in the input 'left' and 3 in the input 'right'");
      assertThatThrownBy(() -> session.run("pair", pair(2, 2, 5)))
          .hasMessageContaining(
              "axis 0 of the input 'twice' of 'pair' is 2*B = 4 for {B=2}, found 5");
    }
  }

  @Test
  void run_checksTheGuards() {
    try (Session session = open()) {
      assertThat(codes(() -> session.run("pair", pair(101, 101, 202))))
          .containsExactly("size-guard");
    }
  }

  @Test
  void run_rejectsACallThatTakesTooMuchMemoryBeforeItRuns() {
    int before = ReferenceDevice.BOUND_FRAMES.get();
    long variables = 3 * 2 * 4 + 2 * 4 + 8;
    try (Session session = Session.open(TestModels.affine(), OPTIONS.withMaxMemoryBytes(1000))) {
      assertThat(session.run("predict", Map.of("x", rows(1)))).containsKey("y");
      assertThatThrownBy(() -> session.run("predict", Map.of("x", rows(1000))))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("memory-limit")
          .hasMessageContaining(
              "needs %d bytes for {B=1000}, 1000 are allowed"
                  .formatted(session.requiredBytes("predict", Map.of("B", 1000L))));
      assertThat(ReferenceDevice.BOUND_FRAMES.get()).isEqualTo(before + 1);
    }
    assertThat(
            codes(
                () -> Session.open(TestModels.affine(), OPTIONS.withMaxMemoryBytes(variables - 1))))
        .containsExactly("memory-limit");
  }

  @Test
  void run_keepsNoMoreBindingsThanAllowed() {
    try (Session session = Session.open(TestModels.affine(), OPTIONS.withMaxBindings(2))) {
      for (int round = 0; round < 3; round++) {
        for (int batch = 1; batch <= 5; batch++) {
          session.run("predict", Map.of("x", rows(batch)));
          assertThat(session.countBindings()).isLessThanOrEqualTo(2);
          assertThat(ReferenceDevice.OPEN_FRAMES.get()).isLessThanOrEqualTo(2);
        }
      }
    }
  }

  @Test
  void run_reusesTheFrameOfEqualSizes() {
    try (Session session = open()) {
      int before = ReferenceDevice.BOUND_FRAMES.get();
      Call call = session.prepare("predict");
      for (int i = 0; i < 10; i++) {
        session.run("predict", Map.of("x", rows(4)));
        call.input("x", rows(4)).run();
      }
      assertThat(ReferenceDevice.BOUND_FRAMES.get()).isEqualTo(before + 1);
    }
  }

  @Test
  void run_dropsFramesOfOtherBindingsWhereMemoryIsShort() {
    long limit;
    try (Session session = open()) {
      limit = session.requiredBytes("predict", Map.of("B", 50L));
    }
    try (Session session = Session.open(TestModels.affine(), OPTIONS.withMaxMemoryBytes(limit))) {
      for (int batch = 45; batch <= 50; batch++) {
        session.run("predict", Map.of("x", rows(batch)));
        assertThat(session.usedBytes()).isLessThanOrEqualTo(limit);
      }
    }
  }

  @Test
  void call_readsOutputsIntoGivenMemory() {
    try (Session session = open();
        Arena arena = Arena.ofConfined()) {
      session.initialize(1);
      MemorySegment x = arena.allocate(24, 64);
      MemorySegment y = arena.allocate(16, 64);
      x.copyFrom(rows(2).memory());
      Call call = session.prepare("predict");
      int input = call.inputIndex("x");
      call.output("y", y).input(input, x, 2, 3).run();
      assertThat(Tensor.of(DType.F32, y, 2, 2).floats()).containsExactly(3.5f, 3.5f, 12.5f, 12.5f);
      x.fill((byte) 0);
      call.run();
      assertThat(Tensor.of(DType.F32, y, 2, 2).floats()).containsOnly(0.5f);
      assertThat(call.outputSizes("y")).containsExactly(2, 2);
      call.input(input, x.asSlice(0, 12), 1, 3);
      assertThatThrownBy(call::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the output 'y' takes 8 bytes, its place has 16");
      assertThat(codes(() -> call.output("z", y))).containsExactly("unknown-output");
      assertThat(codes(() -> session.prepare("predict").run())).containsExactly("missing-input");
    }
  }

  @Test
  void run_thatChangesNothing_overlapsWithOthers() throws Exception {
    try (Session session = open();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      CyclicBarrier bothRun = new CyclicBarrier(2);
      ReferenceDevice.atRun =
          () -> {
            try {
              bothRun.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          };
      List<Future<Map<String, Tensor>>> runs = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        runs.add(threads.submit(() -> session.run("predict", Map.of("x", rows(2)))));
      }
      for (Future<Map<String, Tensor>> run : runs) {
        assertThat(run.get()).containsKey("y");
      }
    }
  }

  @Test
  void run_thatChangesVariables_runsAlone() throws Exception {
    int threadCount = 4;
    int rounds = 50;
    try (Session session = open();
        ExecutorService threads = Executors.newFixedThreadPool(threadCount)) {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < threadCount; thread++) {
        runs.add(
            threads.submit(() -> {
              start.await();
              for (int i = 0; i < rounds; i++) {
                session.run("count", Map.of());
              }
              return null;
            }));
      }
      start.countDown();
      for (Future<?> run : runs) {
        run.get();
      }
      assertThat(session.variables().read("steps").longAt(0))
          .isEqualTo((long) threadCount * rounds);
    }
  }

  @Test
  void run_waitsForMemoryThatOtherCallsHold() throws Exception {
    long limit;
    try (Session session = open()) {
      limit = session.requiredBytes("predict", Map.of("B", 50L));
    }
    try (Session session = Session.open(TestModels.affine(), OPTIONS.withMaxMemoryBytes(limit));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Map<String, Tensor>>> runs = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int batch = 40 + i % 10;
        runs.add(threads.submit(() -> session.run("predict", Map.of("x", rows(batch)))));
      }
      for (int i = 0; i < runs.size(); i++) {
        assertThat(runs.get(i).get().get("y").size(0)).isEqualTo(40 + i % 10);
      }
      assertThat(session.usedBytes()).isLessThanOrEqualTo(limit);
    }
  }

  @Test
  void runChecked_namesTheStepAndKeepsTheVariables() {
    try (Session session = open()) {
      Map<String, Tensor> good = Map.of("z", Tensor.of(new float[] {0, 1}, 2));
      Map<String, Tensor> bad = Map.of("z", Tensor.of(new float[] {0, -1}, 2));
      assertThat(session.runChecked("logarithm", good)).isEmpty();
      assertThat(session.variables().read("steps").longAt(0)).isEqualTo(1);
      NonFinite found = session.runChecked("logarithm", bad).orElseThrow();
      assertThat(found.kernel()).isEqualTo("log");
      assertThat(found.location()).isEqualTo(TestModels.LOG_LINE);
      assertThat(found.diagnostic().summary()).startsWith("affine.dlm:7:3: error[not-finite]");
      assertThat(session.variables().read("steps").longAt(0)).isEqualTo(1);
    }
  }

  @Test
  void variables_areWrittenAllOrNone() {
    try (Session session = open()) {
      session.initialize(3);
      Tensor w = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
      assertThat(
              codes(
                  () -> session.variables().write(Map.of("w", w, "b", Tensor.of(new float[3], 3)))))
          .containsExactly("variable-type");
      assertThat(codes(() -> session.variables().write(Map.of("v", w))))
          .containsExactly("unknown-variable");
      assertThat(session.variables().read("w").floats()).containsOnly(3f);
      session.variables().write(Map.of("w", w));
      assertThat(session.variables().read("w").hasSameBitsAs(w)).isTrue();
      assertThat(session.variables().read(Set.of(Variable.Role.WEIGHT))).containsOnlyKeys("w", "b");
    }
  }

  @Test
  void variables_goThroughACheckpoint(@TempDir Path folder) {
    Path file = folder.resolve("weights.safetensors");
    Set<Variable.Role> weights = EnumSet.of(Variable.Role.WEIGHT);
    try (Session session = open();
        Arena arena = Arena.ofConfined()) {
      session.initialize(5);
      CheckpointWriter.write(file, Map.of(), session.variables().snapshot(weights, arena));
      session.initialize(6);
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        session.variables().load(checkpoint, weights, Checkpoint.Unused.REJECT);
        assertThat(session.variables().read("w").floats()).containsOnly(5f);
        assertThat(
                codes(() ->
                    session
                        .variables()
                        .load(
                            checkpoint,
                            EnumSet.of(Variable.Role.TRAINING),
                            Checkpoint.Unused.IGNORE)))
            .containsExactly("checkpoint-mismatch");
      }
    }
  }

  @Test
  void open_usesGivenContentInPlace() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment w = arena.allocate(24, 64);
      w.copyFrom(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6).memory());
      assertThatThrownBy(() -> Session.open(TestModels.affine(), OPTIONS, Map.of("w", w)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("whose content is fixed");
      Plan predict = TestModels.affine().restrictedTo(List.of("predict"));
      assertThatThrownBy(() -> Session.open(predict, OPTIONS, Map.of("w", w.asSlice(0, 20))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("20 bytes for the variable 'w' of type f32[3, 2]");
      try (Session session = Session.open(predict, OPTIONS, Map.of("w", w))) {
        assertThat(session.plan().variables()).extracting(Variable::name).containsExactly("w", "b");
        assertThat(session.run("predict", Map.of("x", rows(1))).get("y").floats())
            .containsExactly(13f, 16f);
        assertThatThrownBy(
                () -> session.variables().write(Map.of("w", Tensor.zeros(DType.F32, 3, 2))))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void open_namesTheDevicesThereAre() {
    GraphException unknown =
        catchThrowableOfType(
            GraphException.class,
            () -> Session.open(TestModels.affine(), OPTIONS.withDevice("gpu")));
    assertThat(unknown.diagnostics().getFirst().help())
        .contains("devices: absent, reference, silent");
    assertThatThrownBy(() -> Session.open(TestModels.affine(), OPTIONS.withDevice("absent")))
        .hasMessageContaining("device-unavailable")
        .hasMessageContaining("nobody has built one yet");
  }

  @Test
  void sessions_shareADeviceOfEqualOptions() {
    Session first = open();
    Session second = open();
    assertThat(ReferenceDevice.OPEN_DEVICES).hasValue(1);
    first.close();
    assertThat(second.run("predict", Map.of("x", rows(1)))).containsKey("y");
    second.close();
    second.close();
    assertThatThrownBy(() -> second.run("predict", Map.of("x", rows(1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the session is closed");
  }
}
