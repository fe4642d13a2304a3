package dev.dlm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.training.data.ArrayDataSource;
import dev.dlm.training.data.DataColumn;
import dev.dlm.training.data.DataSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final Plan PLAN = SmallModel.plan();
  private static final DataSource DATA = SmallModel.data(103, 1);
  private static final DataSource VALIDATION = SmallModel.data(50, 2);
  private static final TrainingRecipe RECIPE = SmallModel.recipe(10, 4);
  private static final int BATCHES = 11;

  /** What stands for a killed process. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static SessionOptions threads(int count) {
    return SessionOptions.defaults().withThreads(count);
  }

  private static TrainingResult train(TrainingOptions options, TrainingListener listener) {
    return train(RECIPE, options, listener, threads(1));
  }

  private static TrainingResult train(
      TrainingRecipe recipe,
      TrainingOptions options,
      TrainingListener listener,
      SessionOptions sessionOptions) {
    try (Session session = Session.open(PLAN, sessionOptions)) {
      return new Trainer(session, recipe, DATA, Optional.of(VALIDATION), options).run(listener);
    }
  }

  private static TrainingOptions in(Path folder) {
    return TrainingOptions.defaults().withSeed(7).withOut(folder);
  }

  private static byte[] bytes(Path folder, String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }

  private static TrainingListener killedAtStep(int step) {
    return new TrainingListener() {
      private int steps;

      @Override
      public void step(StepReport report) {
        if (++steps == step) {
          throw new Killed();
        }
      }
    };
  }

  @Test
  void run_learnsAndReports(@TempDir Path folder) {
    List<StepReport> steps = new ArrayList<>();
    List<EpochReport> epochs = new ArrayList<>();
    List<TrainingStart> starts = new ArrayList<>();
    TrainingResult result =
        train(
            in(folder),
            new TrainingListener() {
              @Override
              public void started(TrainingStart start) {
                starts.add(start);
              }

              @Override
              public void step(StepReport report) {
                steps.add(report);
              }

              @Override
              public void epoch(EpochReport report) {
                epochs.add(report);
              }
            });
    assertThat(starts.getFirst().batchesPerEpoch()).isEqualTo(BATCHES);
    assertThat(starts.getFirst().isResumed()).isFalse();
    assertThat(steps).hasSize(4 * BATCHES);
    assertThat(steps.getFirst().values())
        .containsOnlyKeys("loss", "accuracy", TrainingRecipe.RATE_OUTPUT);
    assertThat(steps.getFirst().values().get(TrainingRecipe.RATE_OUTPUT)).isEqualTo(0.5);
    double last = 0.5 * (1 - (4 * BATCHES - 1.0) / (4 * BATCHES));
    assertThat(steps.getLast().values().get(TrainingRecipe.RATE_OUTPUT))
        .isCloseTo(last, Offset.offset(1e-6));
    assertThat(steps.get(BATCHES - 1).examples()).isEqualTo(3);
    assertThat(epochs).hasSize(4);
    double firstLoss = epochs.getFirst().train().getOrDefault("loss", 0.0);
    assertThat(epochs.getLast().train().getOrDefault("loss", 9.0)).isLessThan(0.9 * firstLoss);
    assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.COMPLETED);
    assertThat(result.epochs()).isEqualTo(4);
    assertThat(result.validation()).containsOnlyKeys("loss", "accuracy");
    assertThat(result.validation().getOrDefault("accuracy", 0.0)).isGreaterThan(0.7);
    assertThat(result.best().orElseThrow().metric()).isEqualTo("loss");
    assertThat(folder).isDirectoryContaining("glob:**best.safetensors");
  }

  @Test
  void run_savesWeightsAndTrainingStateApart(@TempDir Path folder) {
    train(in(folder), TrainingListener.NONE);
    try (Checkpoint weights = Checkpoint.open(folder.resolve(TrainingFolder.WEIGHTS));
        Checkpoint state = Checkpoint.open(folder.resolve(TrainingFolder.STATE))) {
      assertThat(weights.tensors()).containsOnlyKeys("head.w");
      assertThat(weights.metadata()).containsEntry("model", "Small").containsEntry("epoch", "4");
      assertThat(state.tensors())
          .containsOnlyKeys(
              "head.w", "optimizer.head.w.velocity", "training.seed", "training.step");
    }
  }

  @Test
  void run_givesTheSameBytesTwiceAndForAnyNumberOfThreads(@TempDir Path folder) throws IOException {
    train(RECIPE, in(folder.resolve("a")), TrainingListener.NONE, threads(1));
    train(RECIPE, in(folder.resolve("b")), TrainingListener.NONE, threads(1));
    train(RECIPE, in(folder.resolve("c")), TrainingListener.NONE, threads(2));
    byte[] weights = bytes(folder.resolve("a"), TrainingFolder.WEIGHTS);
    assertThat(bytes(folder.resolve("b"), TrainingFolder.WEIGHTS)).isEqualTo(weights);
    assertThat(bytes(folder.resolve("c"), TrainingFolder.WEIGHTS)).isEqualTo(weights);
    train(RECIPE, in(folder.resolve("d")).withSeed(8), TrainingListener.NONE, threads(1));
    assertThat(bytes(folder.resolve("d"), TrainingFolder.WEIGHTS)).isNotEqualTo(weights);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, BATCHES, BATCHES + 1, 2 * BATCHES, 3 * BATCHES + 5, 4 * BATCHES})
  void run_goesOnAfterAKillAsIfItHadNotHappened(int step, @TempDir Path folder) throws IOException {
    Path whole = folder.resolve("whole");
    Path broken = folder.resolve("broken");
    TrainingResult expected = train(in(whole).withSaveSteps(3), TrainingListener.NONE);
    TrainingOptions options = in(broken).withSaveSteps(3).withResume(true);
    assertThatThrownBy(() -> train(options, killedAtStep(step))).isInstanceOf(Killed.class);
    assertThatThrownBy(() -> train(options, killedAtStep(2))).isInstanceOf(Killed.class);
    TrainingResult result = train(options, TrainingListener.NONE);
    for (String file : List.of(TrainingFolder.WEIGHTS, TrainingFolder.STATE, TrainingFolder.BEST)) {
      assertThat(bytes(broken, file)).as(file).isEqualTo(bytes(whole, file));
    }
    assertThat(result.train()).isEqualTo(expected.train());
    assertThat(result.validation()).isEqualTo(expected.validation());
    assertThat(result.best()).isEqualTo(expected.best());
  }

  @Test
  void run_resumesFromTheStateAlone(@TempDir Path folder) throws IOException {
    Path whole = folder.resolve("whole");
    Path broken = folder.resolve("broken");
    train(in(whole), TrainingListener.NONE);
    TrainingOptions options = in(broken).withSaveSteps(4).withResume(true);
    assertThatThrownBy(() -> train(options, killedAtStep(18))).isInstanceOf(Killed.class);
    Files.delete(broken.resolve(TrainingFolder.WEIGHTS));
    train(options, TrainingListener.NONE);
    assertThat(bytes(broken, TrainingFolder.WEIGHTS))
        .isEqualTo(bytes(whole, TrainingFolder.WEIGHTS));
  }

  @Test
  void run_thatIsComplete_resumesToTheSameResult(@TempDir Path folder) throws IOException {
    TrainingResult first = train(in(folder), TrainingListener.NONE);
    byte[] weights = bytes(folder, TrainingFolder.WEIGHTS);
    TrainingResult again =
        train(
            in(folder).withResume(true),
            new TrainingListener() {
              @Override
              public void step(StepReport report) {
                throw new AssertionError("nothing is left to do");
              }
            });
    assertThat(again).isEqualTo(first);
    assertThat(bytes(folder, TrainingFolder.WEIGHTS)).isEqualTo(weights);
  }

  @Test
  void requestStop_savesAndEnds(@TempDir Path folder) throws IOException {
    Path whole = folder.resolve("whole");
    Path stopped = folder.resolve("stopped");
    train(in(whole), TrainingListener.NONE);
    try (Session session = Session.open(PLAN, threads(1))) {
      Trainer trainer = new Trainer(session, RECIPE, DATA, Optional.of(VALIDATION), in(stopped));
      TrainingResult result =
          trainer.run(
              new TrainingListener() {
                @Override
                public void step(StepReport report) {
                  if (report.epoch() == 1 && report.batch() == 5) {
                    trainer.requestStop();
                  }
                }
              });
      assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.INTERRUPTED);
      assertThat(result.epochs()).isEqualTo(1);
    }
    train(in(stopped).withResume(true), TrainingListener.NONE);
    assertThat(bytes(stopped, TrainingFolder.WEIGHTS))
        .isEqualTo(bytes(whole, TrainingFolder.WEIGHTS));
  }

  @Test
  void run_stopsWhereTheMetricStalls(@TempDir Path folder) {
    TrainingRecipe recipe = SmallModel.stopping(SmallModel.recipe(10, 200), "validate.accuracy", 2);
    TrainingResult result = train(recipe, in(folder), TrainingListener.NONE, threads(1));
    assertThat(result.outcome()).isEqualTo(TrainingResult.Outcome.STALLED);
    assertThat(result.best().orElseThrow().metric()).isEqualTo("accuracy");
    assertThat(result.epochs()).isEqualTo(result.best().orElseThrow().epoch() + 3);
    TrainingResult again =
        train(recipe, in(folder).withResume(true), TrainingListener.NONE, threads(1));
    assertThat(again).isEqualTo(result);
  }

  @Test
  void run_rejectsAStopRuleOnAnUnknownMetric() {
    TrainingRecipe recipe = SmallModel.stopping(RECIPE, "validate.acuracy", 2);
    GraphException thrown =
        catchThrowableOfType(
            GraphException.class,
            () -> train(recipe, TrainingOptions.defaults(), TrainingListener.NONE, threads(1)));
    assertThat(thrown.diagnostics().getFirst().code()).isEqualTo("unknown-metric");
    assertThat(thrown.diagnostics().getFirst().help()).contains("did you mean 'accuracy'?");
  }

  @Test
  void run_rejectsABatchLargerThanTheData() {
    assertThatThrownBy(
            () -> train(TrainingOptions.defaults().withBatch(104), TrainingListener.NONE))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(
            "small.dlm:20:3: error[data-mismatch]: the batch of 104 examples is larger than the"
                + " data, which hold 103");
  }

  @Test
  void run_rejectsTheStateOfAnotherRun(@TempDir Path folder) {
    train(in(folder).withEpochs(1), TrainingListener.NONE);
    GraphException thrown =
        catchThrowableOfType(
            GraphException.class,
            () ->
                train(
                    in(folder).withSeed(9).withBatch(20).withResume(true), TrainingListener.NONE));
    assertThat(thrown.diagnostics())
        .extracting(Diagnostic::message)
        .containsExactly(
            "the seed was 7 in the run to go on with, now it is 9",
            "the batch size was 10 in the run to go on with, now it is 20");
  }

  @Test
  void run_rejectsWeightsInPlaceOfItsState(@TempDir Path folder) throws IOException {
    train(in(folder).withEpochs(1), TrainingListener.NONE);
    Files.copy(
        folder.resolve(TrainingFolder.WEIGHTS),
        folder.resolve(TrainingFolder.STATE),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> train(in(folder).withResume(true), TrainingListener.NONE))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("is not a saved state of training: its format is 'dlm weights 1'");
  }

  @Test
  void run_keepsTheFilesOfBeforeWhereItCannotSave(@TempDir Path folder) throws IOException {
    train(in(folder).withEpochs(1), TrainingListener.NONE);
    byte[] weights = bytes(folder, TrainingFolder.WEIGHTS);
    Files.delete(folder.resolve(TrainingFolder.STATE));
    Files.createDirectory(folder.resolve(TrainingFolder.STATE));
    assertThatThrownBy(() -> train(in(folder).withEpochs(2), TrainingListener.NONE))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("file-write");
    assertThat(bytes(folder, TrainingFolder.WEIGHTS)).isEqualTo(weights);
  }

  private static float[] points(int examples, int badExample) {
    float[] points = new float[examples * SmallModel.FEATURES];
    Arrays.fill(points, 0.25f);
    if (badExample >= 0) {
      points[badExample * SmallModel.FEATURES + 2] = -1;
    }
    return points;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_namesTheLineWhereAValueIsNotFinite(boolean guarded, @TempDir Path folder) {
    DataSource data = SmallModel.data(points(60, 33), new int[60]);
    Plan plan = guarded ? SmallModel.guardedPlan() : PLAN;
    for (TrainingOptions options :
        List.of(TrainingOptions.defaults(), in(folder).withSaveSteps(1))) {
      try (Session session = Session.open(plan, threads(1))) {
        Trainer trainer = new Trainer(session, RECIPE, data, Optional.empty(), options);
        GraphException thrown =
            catchThrowableOfType(GraphException.class, () -> trainer.run(TrainingListener.NONE));
        Diagnostic diagnostic = thrown.diagnostics().getFirst();
        assertThat(diagnostic.code()).isEqualTo("not-finite");
        assertThat(diagnostic.message())
            .contains("training stopped: 'loss' is NaN at batch ")
            .contains(" of epoch 1; the first infinite or NaN value is the result of");
        assertThat(diagnostic.location().source()).contains(source());
      }
    }
  }

  private static Location.Source source() {
    return SmallModel.SQUARE_ROOT.source().orElseThrow();
  }

  @Test
  void run_rejectsDataThatDoNotFitTheInputs() {
    DataSource swapped =
        ArrayDataSource.of(List.of(array("x", 3, 10), array("label", SmallModel.FEATURES, 10)));
    try (Session session = Session.open(PLAN, threads(1))) {
      assertThatThrownBy(() ->
              new Trainer(session, RECIPE, swapped, Optional.empty(), TrainingOptions.defaults()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining(
              "small.dlm:20:3: error[data-mismatch]: an example of 'x' is f32[3]");
      DataSource lone = ArrayDataSource.of(List.of(array("x", SmallModel.FEATURES, 10)));
      assertThatThrownBy(() ->
              new Trainer(session, RECIPE, lone, Optional.empty(), TrainingOptions.defaults()))
          .hasMessageContaining("the data have 1 columns for the 2 inputs x, label");
    }
  }

  private static ArrayDataSource.ArrayColumn array(String name, int width, int examples) {
    return new ArrayDataSource.ArrayColumn(
        new DataColumn(name, DType.F32, List.of((long) width)),
        MemorySegment.ofArray(new float[width * examples]),
        new ArrayDataSource.Origin(name, 0, 4));
  }

  @Test
  void run_runsEverySignatureOnEachBatch(@TempDir Path folder) {
    TrainingRecipe twice =
        new TrainingRecipe(
            "Small",
            List.of("train", "train"),
            RECIPE.data(),
            Optional.empty(),
            10,
            1,
            true,
            Optional.empty());
    try (Session session = Session.open(PLAN, threads(1))) {
      new Trainer(session, twice, DATA, Optional.empty(), in(folder)).run(TrainingListener.NONE);
      assertThat(session.variables().read("training.step").longAt(0)).isEqualTo(2 * 10);
    }
  }

  @Test
  void run_cutsEpochsShort() {
    TrainingOptions options = TrainingOptions.defaults().withMaxBatches(2);
    List<StepReport> steps = new ArrayList<>();
    train(
        options,
        new TrainingListener() {
          @Override
          public void step(StepReport report) {
            steps.add(report);
          }
        });
    assertThat(steps).hasSize(8);
    assertThat(steps.getFirst().batches()).isEqualTo(2);
  }

  @Test
  void evaluate_weighsBatchesByTheirExamples() {
    try (Session session = Session.open(PLAN, threads(1))) {
      session.initialize(3);
      List<Map<String, Double>> results = new ArrayList<>();
      for (int batch : new int[] {1, 7, 50, 64}) {
        results.add(
            new Evaluator(session, RECIPE.data(), VALIDATION, batch, OptionalLong.empty())
                .evaluate((index, batches) -> {}));
      }
      for (Map<String, Double> result : results) {
        assertThat(result).containsOnlyKeys("loss", "accuracy");
        assertThat(result.getOrDefault("accuracy", 0.0))
            .isCloseTo(results.getFirst().getOrDefault("accuracy", 1.0), Offset.offset(1e-6));
        assertThat(result.getOrDefault("loss", 0.0))
            .isCloseTo(results.getFirst().getOrDefault("loss", 1.0), Offset.offset(1e-6));
      }
    }
  }

  @Test
  void loadWeights_takesTheModelWithoutItsTrainingState(@TempDir Path folder) {
    train(in(folder), TrainingListener.NONE);
    try (Session session = Session.open(PLAN, threads(1));
        Checkpoint weights = Checkpoint.open(folder.resolve(TrainingFolder.WEIGHTS))) {
      TrainingFolder.loadWeights(session.variables(), weights);
      assertThat(session.variables().read(Set.of(Variable.Role.WEIGHT)).get("head.w").floats())
          .isEqualTo(
              Tensor.of(
                      DType.F32,
                      weights.find("head.w").orElseThrow().data(),
                      SmallModel.FEATURES,
                      2)
                  .floats());
    }
  }

  @Test
  void memoryThatIsNotAllowed_isSaidBeforeAnythingRuns() {
    long variables;
    long training;
    long measuring;
    try (Session session = Session.open(PLAN, threads(1))) {
      variables = session.usedBytes();
      training = session.requiredBytes("train", Map.of("B", 10L));
      measuring = session.requiredBytes("evaluate", Map.of("B", 10L));
    }
    assertThat(Math.min(training, measuring)).isGreaterThan(variables);
    try (Session session =
        Session.open(PLAN, threads(1).withMaxMemoryBytes(Math.min(training, measuring) - 1))) {
      assertThatThrownBy(() ->
              new Trainer(session, RECIPE, DATA, Optional.empty(), TrainingOptions.defaults()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("memory-limit")
          .hasMessageContaining("'train' needs " + training + " bytes");
      assertThatThrownBy(
              () -> new Evaluator(session, RECIPE.data(), VALIDATION, 10, OptionalLong.empty()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("'evaluate' needs " + measuring + " bytes");
    }
  }
}
