package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.runtime.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way from a model to a compiled one, through the commands. */
class TrainingCommandsTest {
  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void makeProject() throws IOException {
    model = TinyProject.in(folder).model();
  }

  @Test
  void train_tellsPeopleOfEachEpochAndLeavesTheWeights() {
    Path out = folder.resolve("out");

    CommandRun run = CommandRun.of("train", model, "--out", out);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .matches("(?s)loss [0-9.e-]+  accuracy [0-9.]+\\nweights: .*weights.safetensors\\n");
    assertThat(run.err())
        .contains("dlm: training Tiny on 200 examples, 16 a step, epochs: 3, seed: 1\n")
        .contains("dlm: epoch 3 of 3: loss ");
    try (Checkpoint checkpoint = Checkpoint.open(out.resolve("weights.safetensors"))) {
      assertThat(checkpoint.tensors())
          .containsOnlyKeys("dense.b", "dense.w", "dense_2.b", "dense_2.w");
    }
  }

  @Test
  void train_drawsLossesAndMetrics() throws IOException {
    Path plot = folder.resolve("tiny.svg");

    CommandRun run = CommandRun.of("train", model, "--out", folder.resolve("out"), "--plot", plot);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(Files.readString(plot)).startsWith("<svg ").contains(">accuracy<", ">validation<");
  }

  @Test
  void train_keepsTheVocabularyWithWhichEvalReadsItsData() throws IOException {
    Path text = Files.writeString(folder.resolve("input.txt"), "abcabcabcabcabcabcabcabc");
    Path chars = folder.resolve("chars.dlm");
    Files.writeString(
        chars,
        """
        import nn

        model Chars(vocabulary: int = 3) {
          input now: i32[B, 4]
          input next: i32[B, 4]
          logits = one_hot(now, vocabulary) |> nn.Dense(vocabulary)
          output probability = softmax(logits)
          loss = mean(cross_entropy(logits, next))
        }

        train Chars {
          data now, next = text("input.txt", length = 4, hold_back = 9)
          minimize loss
          optimizer adam(rate = 0.1)
          batch 2
          epochs 20
        }
        """);
    Path out = folder.resolve("chars.out");

    CommandRun train = CommandRun.of("train", chars, "--out", out, "--json");
    assertThat(train.exitCode()).as(train.err()).isZero();
    assertThat(Files.readString(out.resolve("fitted.txt")))
        .isEqualTo("dlm fitted 1\ncharacters\t3\na\nb\nc\n");
    CommandRun eval = CommandRun.of("eval", chars, "--weights", out, "--json");
    assertThat(eval.exitCode()).as(eval.err()).isZero();
    assertThat(metrics(eval)).isEqualTo(metrics(train));
    Files.writeString(text, "abdabdabdabdabdabdabdabd");
    CommandRun other = CommandRun.of("train", chars, "--out", out, "--resume");
    assertThat(other.exitCode()).isOne();
    assertThat(other.err())
        .contains("error[resume-mismatch]: the training data give other characters");
    CommandRun unknown = CommandRun.of("eval", chars, "--weights", out);
    assertThat(unknown.err()).contains("input.txt:1:18: error[data-invalid]: the character 'd'");
  }

  @Test
  void train_givesMachinesOneObjectALineAndEndsWithTheMetrics() {
    CommandRun run =
        CommandRun.of("train", model, "--out", folder.resolve("out"), "--json", "--epochs", 4);

    assertThat(run.exitCode()).isZero();
    List<Map<String, Object>> events = run.events();
    assertThat(events.getFirst()).containsEntry("event", "start").containsEntry("epochs", 4.0);
    assertThat(events).filteredOn(event -> event.get("event").equals("epoch")).hasSize(4);
    assertThat(run.lastEvent())
        .containsEntry("event", "done")
        .containsEntry("outcome", "completed");
    assertThat(accuracy(run)).isGreaterThan(0.8);
  }

  @Test
  void train_givesTheSameBytesTwiceAndOnAnyNumberOfThreads() throws IOException {
    byte[] first = weights("first", "--threads", 1);

    assertThat(weights("second", "--threads", 1)).isEqualTo(first);
    assertThat(weights("third", "--threads", 2)).isEqualTo(first);
    assertThat(weights("fourth", "--seed", 2)).isNotEqualTo(first);
  }

  @Test
  void train_replacesAnEarlierRunAndResumesAFinishedOneWithoutAStep() throws IOException {
    byte[] first = weights("out");

    CommandRun again = CommandRun.of("train", model, "--out", folder.resolve("out"));
    assertThat(again.err()).contains("will be replaced");
    assertThat(Files.readAllBytes(folder.resolve("out/weights.safetensors"))).isEqualTo(first);

    CommandRun resumed =
        CommandRun.of("train", model, "--out", folder.resolve("out"), "--resume", "--json");
    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.events()).noneMatch(event -> event.get("event").equals("epoch"));
    assertThat(Files.readAllBytes(folder.resolve("out/weights.safetensors"))).isEqualTo(first);
  }

  @Test
  void modelWithoutWeights_isCompiledWithoutAny() throws IOException {
    Path source = folder.resolve("half.dlm");
    Files.writeString(source, "model Half {\n  input x: f32[2]\n  output y = x * 0.5\n}\n");
    Path compiled = folder.resolve("half.dlmc");
    CommandRun compile = CommandRun.of("compile", source, "-o", compiled);
    assertThat(compile.exitCode()).as(compile.err()).isZero();
    assertThat(compile.out()).contains("0 of them weights");
    assertThat(CommandRun.of("inspect", compiled).out()).containsPattern("weights from +none");
    Path input = folder.resolve("x.json");
    Files.writeString(input, "[3, 5]");
    CommandRun run = CommandRun.of("run", compiled, "--input", "x=" + input);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("1.500000  2.500000");
  }

  @Test
  void trainedModel_isEvaluatedRunCompiledAndInspected() throws IOException {
    Path out = folder.resolve("out");
    CommandRun train = CommandRun.of("train", model, "--out", out, "--json");

    CommandRun eval = CommandRun.of("eval", model, "--weights", out, "--json");
    assertThat(eval.exitCode()).as(eval.err()).isZero();
    assertThat(eval.lastEvent()).containsEntry("examples", 50.0);
    assertThat(metrics(eval)).isEqualTo(metrics(train));

    Path image = writeImages(7);
    Path compiled = folder.resolve("tiny.dlmc");
    CommandRun compile = CommandRun.of("compile", model, "--weights", out, "-o", compiled);
    assertThat(compile.exitCode()).as(compile.err()).isZero();
    assertThat(compile.out()).startsWith(compiled + ": model Tiny, ");
    byte[] once = Files.readAllBytes(compiled);
    CommandRun.of("compile", model, "--weights", out, "-o", compiled);
    assertThat(Files.readAllBytes(compiled)).isEqualTo(once);

    Path fromSource = folder.resolve("a.npy");
    Path fromCompiled = folder.resolve("b.npy");
    CommandRun run =
        CommandRun.of(
            "run",
            model,
            "--weights",
            out,
            "--input",
            "image=" + image,
            "--output",
            "probability=" + fromSource);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("probability: f32[7, 3], written to " + fromSource + "\n");
    CommandRun.of(
        "run", compiled, "--input", "image=" + image, "--output", "probability=" + fromCompiled);
    assertThat(Files.readAllBytes(fromCompiled)).isEqualTo(Files.readAllBytes(fromSource));

    CommandRun table = CommandRun.of("run", compiled, "--input", "image=" + writeImages(1));
    assertThat(table.out()).matches("probability: f32\\[1, 3]\\n  \\[0](  0\\.\\d{6}){3}\\n");
    CommandRun json =
        CommandRun.of("run", compiled, "--json", "--input", "image=" + writeImages(2));
    assertThat(json.lastEvent())
        .containsEntry("event", "output")
        .containsEntry("type", "f32[2, 3]")
        .hasEntrySatisfying("values", values -> assertThat((List<?>) values).hasSize(2));

    CommandRun inspect = CommandRun.of("inspect", compiled);
    assertThat(inspect.exitCode()).isZero();
    assertThat(inspect.out())
        .startsWith("model Tiny\n  Small pictures of three kinds.\n")
        .contains("  image: Gray values in [0, 1].\n")
        .contains("  output probability: f32[B, 3]\n")
        .contains("peak bytes beside the variables: ")
        .contains("  dense.w    f32[16, 16]\n")
        .doesNotContain("optimizer");
    assertThat(CommandRun.of("inspect", compiled, "--json").lastEvent())
        .containsEntry("model", "Tiny")
        .containsEntry("source", "tiny.dlm");
  }

  @Test
  void test_runsTheTestsInAFileAndPointsAtWhatIsNotAsExpected() throws IOException {
    Files.writeString(
        model,
        TinyProject.TEXT
            + """

            test "starts out undecided" {
              m = Tiny()
              expect m.loss ≈ log(3.0) within 2.0
            }

            test "is certain" {
              m = Tiny()
              expect m.loss ≈ 0.0 within 1e-6
            }
            """);

    CommandRun run = CommandRun.of("test", model);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            model
                + ": starts out undecided: passed\n"
                + model
                + ": is certain: failed\n1 passed, 1 failed\n");
    assertThat(run.err())
        .contains("tiny.dlm:32:3: error[test-failed]: found ")
        .contains("32 |   expect m.loss ≈ 0.0 within 1e-6");
    assertThat(CommandRun.of("test", model, "--json").lastEvent())
        .isEqualTo(Map.of("event", "done", "passed", 1.0, "failed", 1.0));
  }

  private byte[] weights(String out, Object... options) throws IOException {
    Path target = folder.resolve(out);
    Object[] arguments = new Object[options.length + 4];
    arguments[0] = "train";
    arguments[1] = model;
    arguments[2] = "--out";
    arguments[3] = target;
    System.arraycopy(options, 0, arguments, 4, options.length);
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return Files.readAllBytes(target.resolve("weights.safetensors"));
  }

  private Path writeImages(int count) throws IOException {
    var random = new Random(count);
    StringBuilder json = new StringBuilder("[");
    for (int example = 0; example < count; example++) {
      json.append(example == 0 ? "[" : ",[");
      for (int i = 0; i < 16; i++) {
        json.append(i == 0 ? "" : ",").append(random.nextFloat());
      }
      json.append(']');
    }
    return Files.writeString(folder.resolve("images-" + count + ".json"), json.append(']'));
  }

  private static Object metrics(CommandRun run) {
    return ((Map<?, ?>) run.lastEvent().get("metrics")).get("validate");
  }

  private static double accuracy(CommandRun run) {
    return (double) ((Map<?, ?>) metrics(run)).get("accuracy");
  }
}
