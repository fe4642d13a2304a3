package dev.dlm.runtime.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Variable;
import dev.dlm.plan.Plan;
import dev.dlm.runtime.checkpoint.Checkpoint;
import dev.dlm.runtime.checkpoint.CheckpointTensor;
import dev.dlm.runtime.checkpoint.CheckpointWriter;
import dev.dlm.runtime.session.TestModels;
import dev.dlm.runtime.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Also makes the artifacts for the other tests. */
public class ArtifactTest {
  private static final ArtifactMetadata METADATA =
      new ArtifactMetadata(
          "affine.dlm",
          "aa",
          "bb",
          "0.1",
          new TreeMap<>(Map.of("", "A line, drawn.", "predict.x", "Drei Größen.")));

  /** Writes the affine model with weights 1 to 6 and 10, 20. */
  public static Path write(Path folder) {
    Path weights = folder.resolve("weights.safetensors");
    CheckpointWriter.write(
        weights,
        Map.of(),
        List.of(
            tensor("w", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2)),
            tensor("b", Tensor.of(new float[] {10, 20}, 2)),
            tensor("unused", Tensor.of(new float[1], 1))));
    Path file = folder.resolve("affine.dlmc");
    try (Checkpoint checkpoint = Checkpoint.open(weights)) {
      ArtifactWriter.write(file, prediction(), checkpoint, METADATA);
    }
    return file;
  }

  private static CheckpointTensor tensor(String name, Tensor tensor) {
    List<Long> sizes = java.util.Arrays.stream(tensor.sizes()).boxed().toList();
    return new CheckpointTensor(name, tensor.dtype(), sizes, tensor.memory());
  }

  private static Plan prediction() {
    return TestModels.affine().restrictedTo(List.of("predict"));
  }

  @Test
  void open_givesBackWhatWasWritten(@TempDir Path folder) {
    try (Artifact artifact = Artifact.open(write(folder))) {
      assertThat(artifact.plan()).isEqualTo(prediction());
      assertThat(artifact.metadata()).isEqualTo(METADATA);
      assertThat(artifact.metadata().description("predict.x")).contains("Drei Größen.");
      assertThat(artifact.weights()).containsOnlyKeys("w", "b");
      for (Variable variable : artifact.plan().variables()) {
        MemorySegment weight = artifact.weights().getOrDefault(variable.name(), MemorySegment.NULL);
        assertThat(weight.address() % 64).isZero();
        assertThat(weight.isReadOnly()).isTrue();
        assertThat(weight.byteSize()).isEqualTo(variable.type().sizeBytes().asLong());
      }
      assertThat(artifact.weightBytes()).isEqualTo(32);
      artifact.close();
    }
  }

  @Test
  void write_givesTheSameBytesTwice(@TempDir Path folder) throws IOException {
    byte[] first = Files.readAllBytes(write(folder));
    byte[] second = Files.readAllBytes(write(folder));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void write_withoutWeights_takesPlansThatHaveNone(@TempDir Path folder) {
    Path file = folder.resolve("x.dlmc");
    assertThatThrownBy(() -> ArtifactWriter.write(file, prediction(), METADATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has weights");
    Plan none = TestModels.affine().restrictedTo(List.of());
    ArtifactWriter.write(file, none, METADATA);
    try (Artifact artifact = Artifact.open(file)) {
      assertThat(artifact.plan()).isEqualTo(none);
      assertThat(artifact.weightBytes()).isZero();
    }
  }

  @Test
  void write_rejectsProgramsThatChangeVariables(@TempDir Path folder) {
    write(folder);
    try (Checkpoint checkpoint = Checkpoint.open(folder.resolve("weights.safetensors"))) {
      Plan counting = TestModels.affine().restrictedTo(List.of("count"));
      assertThatThrownBy(
              () -> ArtifactWriter.write(folder.resolve("x"), counting, checkpoint, METADATA))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void write_rejectsWeightsOfAnotherModel(@TempDir Path folder) {
    Path weights = folder.resolve("other.safetensors");
    CheckpointWriter.write(
        weights, Map.of(), List.of(tensor("w", Tensor.of(new float[] {1, 2}, 2))));
    try (Checkpoint checkpoint = Checkpoint.open(weights)) {
      Path file = folder.resolve("x.dlmc");
      assertThatThrownBy(() -> ArtifactWriter.write(file, prediction(), checkpoint, METADATA))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("holds 'w' as f32[2], the model needs f32[3, 2]")
          .hasMessageContaining("has no 'b'");
      assertThat(file).doesNotExist();
    }
  }

  @Test
  void open_saysWhatIsWrong(@TempDir Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(write(folder));
    Path file = folder.resolve("broken.dlmc");
    assertThatThrownBy(() -> Artifact.open(file)).hasMessageContaining("file-read");

    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 64));
    assertThatThrownBy(() -> Artifact.open(file))
        .hasMessageContaining("artifact-invalid")
        .hasMessageContaining("it is truncated");

    byte[] newer = whole.clone();
    newer[8] = 2;
    Files.write(file, newer);
    assertThatThrownBy(() -> Artifact.open(file))
        .hasMessageContaining("artifact-version")
        .hasMessageContaining("it has format version 2, this program reads version 1");

    Files.writeString(file, "PK".repeat(100));
    assertThatThrownBy(() -> Artifact.open(file))
        .hasMessageContaining("it does not begin like one");

    byte[] altered = whole.clone();
    altered[whole.length - 64] ^= 1;
    Files.write(file, altered);
    assertThatThrownBy(() -> Artifact.open(file))
        .hasMessageContaining("the checksum of section 2 is wrong");
  }
}
