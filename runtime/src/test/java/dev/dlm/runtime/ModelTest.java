package dev.dlm.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.runtime.artifact.ArtifactTest;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
  private static final SessionOptions OPTIONS =
      SessionOptions.defaults().withDevice("reference").withThreads(1);

  @Test
  void predict_runsForAnyBatchSizeFromManyThreads(@TempDir Path folder) throws Exception {
    try (Model model = Model.load(ArtifactTest.write(folder), OPTIONS);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Tensor>> answers = new ArrayList<>();
      for (int batch = 1; batch <= 20; batch++) {
        float[] elements = new float[batch * 3];
        java.util.Arrays.fill(elements, batch);
        Map<String, Tensor> inputs = Map.of("x", Tensor.of(elements, batch, 3));
        answers.add(threads.submit(() -> model.predict(inputs).getOrDefault("y", inputs.get("x"))));
      }
      for (int batch = 1; batch <= 20; batch++) {
        Tensor y = answers.get(batch - 1).get();
        assertThat(y.sizes()).containsExactly(batch, 2);
        assertThat(y.floats()).containsOnly(10f + 9 * batch, 20f + 12 * batch);
      }
    }
  }

  @Test
  void signatures_tellTypesAndDescriptions(@TempDir Path folder) {
    try (Model model = Model.load(ArtifactTest.write(folder), OPTIONS)) {
      assertThat(model.name()).isEqualTo("affine");
      assertThat(model.signatures()).hasSize(1);
      ModelSignature predict = model.signatures().getFirst();
      assertThat(predict.name()).isEqualTo("predict");
      assertThat(predict.inputs().getFirst().type()).hasToString("f32[B, 3]");
      assertThat(predict.inputs().getFirst().description()).isEqualTo("Drei Größen.");
      assertThat(predict.outputs()).extracting(ModelSignature.Parameter::name).containsExactly("y");
    }
  }

  @Test
  void run_namesTheSignaturesThereAre(@TempDir Path folder) {
    try (Model model = Model.load(ArtifactTest.write(folder), OPTIONS)) {
      assertThatThrownBy(() -> model.run("train", Map.of()))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("unknown-signature");
      model.close();
    }
  }

  @Test
  void load_closesTheFileWhereTheDeviceIsMissing(@TempDir Path folder) {
    Path file = ArtifactTest.write(folder);
    assertThatThrownBy(() -> Model.load(file, OPTIONS.withDevice("absent")))
        .hasMessageContaining("device-unavailable");
  }
}
