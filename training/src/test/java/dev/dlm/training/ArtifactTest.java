package dev.dlm.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.ir.Graph;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.Model;
import dev.dlm.runtime.artifact.ArtifactMetadata;
import dev.dlm.runtime.artifact.ArtifactWriter;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From training to a loaded artifact, on the processor. */
class ArtifactTest {
  private static Map<String, Tensor> inputs(int batch) {
    Random random = new Random(batch);
    float[] points = new float[batch * SmallModel.FEATURES];
    for (int i = 0; i < points.length; i++) {
      points[i] = random.nextFloat();
    }
    return Map.of(
        "x", Tensor.of(points, batch, SmallModel.FEATURES),
        "label", Tensor.of(new int[batch], batch));
  }

  @Test
  void model_computesWhatTheTrainedSessionDoes(@TempDir Path folder) {
    SessionOptions options = SessionOptions.defaults().withThreads(2);
    Plan plan = SmallModel.plan();
    Path file = folder.resolve("small.dlmc");
    try (Session session = Session.open(plan, options)) {
      new Trainer(
              session,
              SmallModel.recipe(10, 2),
              SmallModel.data(60, 1),
              Optional.empty(),
              TrainingOptions.defaults().withOut(folder))
          .run(TrainingListener.NONE);
      try (Checkpoint weights = Checkpoint.open(folder.resolve(TrainingFolder.WEIGHTS))) {
        ArtifactWriter.write(
            file,
            plan.restrictedTo(List.of(Graph.EVALUATE)),
            weights,
            new ArtifactMetadata("small.dlm", "", "", "", new TreeMap<>()));
      }
      try (Model model = Model.load(file, options)) {
        assertThat(model.artifact().weights()).containsOnlyKeys("head.w");
        for (int batch : new int[] {1, 7, 128}) {
          Map<String, Tensor> expected = session.run(Graph.EVALUATE, inputs(batch));
          Map<String, Tensor> found = model.run(Graph.EVALUATE, inputs(batch));
          assertThat(found).containsOnlyKeys(expected.keySet());
          expected.forEach((name, tensor) ->
              assertThat(found.getOrDefault(name, tensor).hasSameBitsAs(tensor)).isTrue());
        }
      }
    }
  }
}
