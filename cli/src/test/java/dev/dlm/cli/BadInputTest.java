package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad files and data: a clear error with its place, exit code 1, no stack trace, nothing lost. */
class BadInputTest {
  /** A finished training, made once and copied for each test. */
  @TempDir private static Path finished;

  @TempDir private Path folder;
  private Path model = Path.of("");
  private Path out = Path.of("");

  @BeforeAll
  static void train() throws IOException {
    TinyProject project = TinyProject.in(finished);
    CommandRun run =
        CommandRun.of("train", project.model(), "--out", finished.resolve("out"), "--epochs", 1);
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @BeforeEach
  void makeProject() throws IOException {
    model = TinyProject.in(folder).model();
    out = Files.createDirectory(folder.resolve("out"));
    for (String file : new String[] {"weights.safetensors", "training.safetensors"}) {
      Files.copy(finished.resolve("out").resolve(file), out.resolve(file));
    }
  }

  @Test
  void missingDataFile_isShownAtTheDataLine() throws IOException {
    Files.delete(folder.resolve("train-labels.idx"));

    assertFails(
        CommandRun.of("train", model, "--out", out),
        model + ":17:23: error[file-read]",
        "train-labels.idx",
        "17 |   data image, label = idx(\"train-images.idx\", \"train-labels.idx\")");
  }

  @Test
  void missingDataFolder_isShownAtTheDataLine() {
    assertFails(
        CommandRun.of("train", model, "--out", out, "--data", folder.resolve("none")),
        model + ":17:3: error[data-missing]",
        "none");
  }

  @Test
  void truncatedDataFile_isNamedWithTheByte() throws IOException {
    Path file = folder.resolve("test-images.idx");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 500));

    assertFails(
        CommandRun.of("train", model, "--out", out),
        model + ":18:27: error[data-invalid]",
        "test-images.idx",
        "byte");
  }

  @Test
  void corruptDataFile_isNamedWithTheByte() throws IOException {
    Path file = folder.resolve("train-images.idx");
    byte[] content = Files.readAllBytes(file);
    content[1] = 7;
    Files.write(file, content);

    assertFails(
        CommandRun.of("train", model, "--out", out),
        ":17:23: error[data-invalid]",
        "train-images.idx",
        "at byte 0: found 00 07");
  }

  @Test
  void labelOutOfRange_isNamedWithItsExample() throws IOException {
    Path file = folder.resolve("train-labels.idx");
    byte[] content = Files.readAllBytes(file);
    content[8 + 5] = 3;
    Files.write(file, content);

    assertFails(
        CommandRun.of("train", model, "--out", out),
        ":17:23: error[data-invalid]",
        "the label of example 5 is 3, expected 0 to 2");
  }

  @Test
  void batchLargerThanTheData_isRefused() {
    assertFails(
        CommandRun.of("train", model, "--out", out, "--batch", 201),
        ":17:3: error[data-mismatch]",
        "201",
        "200");
  }

  @Test
  void checkpointOfAnotherModel_namesTheDifferences() throws IOException {
    Files.writeString(model, TinyProject.TEXT.replace("Dense(16)", "Dense(12)"));

    assertFails(
        CommandRun.of("eval", model, "--weights", out),
        "error[checkpoint-mismatch]",
        "'dense.w' as f32[16, 16], the model needs f32[16, 12]");
    assertFails(
        CommandRun.of("train", model, "--out", out, "--resume"), "error[checkpoint-mismatch]");
    assertFails(
        CommandRun.of("compile", model, "--weights", out, "-o", folder.resolve("m.dlmc")),
        "error[checkpoint-mismatch]");
    assertThat(folder.resolve("m.dlmc")).doesNotExist();
  }

  @Test
  void corruptCheckpoint_isNamed() throws IOException {
    Path weights = out.resolve("weights.safetensors");
    Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 700));
    Files.writeString(out.resolve("training.safetensors"), "{}");

    assertFails(
        CommandRun.of("eval", model, "--weights", weights),
        "error[checkpoint-invalid]",
        "weights.safetensors");
    assertFails(
        CommandRun.of("train", model, "--out", out, "--resume"),
        "error[checkpoint-invalid]",
        "training.safetensors");
  }

  @Test
  void planThatNeedsTooMuchMemory_isRefusedBeforeItRuns() {
    CommandRun run =
        CommandRun.of("train", model, "--out", folder.resolve("new"), "--max-memory", "6K");

    assertFails(run, "error[memory-limit]", "6144 are allowed");
    assertThat(folder.resolve("new/weights.safetensors")).doesNotExist();
  }

  @Test
  void resumeOfAnotherRun_namesTheDifferences() {
    assertFails(
        CommandRun.of("train", model, "--out", out, "--resume", "--seed", 9, "--batch", 10),
        "error[resume-mismatch]",
        "the seed was 1 in the run to go on with, now it is 9",
        "the batch size was 16");
  }

  @Test
  void inputsOfRun_areCheckedAgainstTheModel() throws IOException {
    Path json = Files.writeString(folder.resolve("x.json"), "[[1, 2], [3]]");
    Path narrow = Files.writeString(folder.resolve("narrow.json"), "[[1, 2, 3]]");

    assertFails(
        CommandRun.of("run", model, "--weights", out, "--input", "imgae=" + json),
        "error[unknown-input]",
        "help: did you mean 'image'?");
    assertFails(
        CommandRun.of("run", model, "--weights", out, "--input", "image=" + json),
        json + ":1:12: error[tensor-file]");
    assertFails(
        CommandRun.of("run", model, "--weights", out, "--input", "image=" + narrow),
        "error[input-type]",
        "f32[B, 16]",
        "f32[1, 3]");
    assertFails(CommandRun.of("run", model, "--weights", out), "error[missing-input]", "image");
    assertFails(
        CommandRun.of("run", model, "--weights", out, "--input", "image=" + model),
        "error[tensor-file]",
        ".npy, .json or .png");
    assertFails(
        CommandRun.of("run", model, "--weights", out, "--output", "p=p.npy"),
        "error[unknown-output]",
        "probability");
  }

  @Test
  void truncatedOrAlteredArtifact_isRefused() throws IOException {
    Path compiled = folder.resolve("m.dlmc");
    assertThat(CommandRun.of("compile", model, "--weights", out, "-o", compiled).exitCode())
        .isZero();
    byte[] content = Files.readAllBytes(compiled);
    Files.write(compiled, Arrays.copyOf(content, content.length - 100));
    assertFails(CommandRun.of("inspect", compiled), "error[artifact-invalid]", "m.dlmc");
    content[content.length / 2] ^= 1;
    Files.write(compiled, content);
    assertFails(CommandRun.of("inspect", compiled), "error[artifact-invalid]", "m.dlmc");
  }

  @Test
  void unknownModelAndDevice_areNamedWithWhatThereIs() {
    assertFails(
        CommandRun.of("show", model, "--model", "Tiney"),
        "error[unknown-model]",
        "did you mean 'Tiny'?");
    assertFails(
        CommandRun.of("train", model, "--out", out, "--device", "gpu"),
        "error[unknown-device]",
        "cpu");
  }

  @Test
  void modelWithoutTrainBlock_cannotBeTrained() throws IOException {
    Files.writeString(model, TinyProject.TEXT.substring(0, TinyProject.TEXT.indexOf("train Tiny")));

    assertFails(
        CommandRun.of("train", model, "--out", out), "error[incomplete-training]", "train Tiny");
  }

  private static void assertFails(CommandRun run, String... parts) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).contains(parts).doesNotContain("Exception").doesNotContain("\tat ");
  }
}
