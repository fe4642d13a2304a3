package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples for texts, made small, on data that a model of their kind learns in seconds. */
final class TextSamplesTest {
  @Test
  void gpt_learnsAPeriodicTextAndContinuesIt(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("input.txt"), "to be or not to be. ".repeat(200));
    Path model =
        small(
            folder,
            "gpt",
            "width: int = 192",
            "width: int = 32",
            "heads: int = 6",
            "heads: int = 2",
            "depth: int = 4",
            "depth: int = 1",
            "length = 128",
            "length = 32",
            "warmup = 100",
            "warmup = 10",
            "batch 32",
            "batch 8",
            "epochs 10",
            "epochs 6");

    double loss = validated(train(model), "loss");

    // Which letter follows is certain but for the places where "to be" goes on in two ways.
    assertThat(loss).isLessThan(0.3);
    assertThat(generate(model, "or not ", 13)).isEqualTo("or not to be. to be ");
  }

  @Test
  void chars_learnsAPeriodicText(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("input.txt"), "to be or not to be. ".repeat(200));
    Path model =
        small(
            folder,
            "chars",
            "width: int = 64",
            "width: int = 16",
            "hidden: int = 256",
            "hidden: int = 64",
            "length = 100",
            "length = 25",
            "warmup = 50",
            "warmup = 5",
            "peak = 4e-3",
            "peak = 2e-2",
            "batch 50",
            "batch 8",
            "epochs 8",
            "epochs 14");

    // Windows begin anywhere, so their first letters leave a choice; 1.9 nats would be each
    // letter's
    // share of the text.
    assertThat(validated(train(model), "loss")).isLessThan(0.5);
  }

  @Test
  void sentiment_findsTheWordsThatDecide(@TempDir Path folder) throws IOException {
    reviews(folder, "train.tsv.gz", 600, 1);
    reviews(folder, "test.tsv.gz", 200, 2);
    Path model =
        small(
            folder,
            "sentiment",
            "words = 20000",
            "words = 100",
            "width: int = 64",
            "width: int = 16",
            "context: int = 200",
            "context: int = 20",
            "length = 200",
            "length = 20",
            "warmup = 100",
            "warmup = 10",
            "peak = 1e-3",
            "peak = 1e-2",
            "epochs 3",
            "epochs 6");

    assertThat(validated(train(model), "accuracy")).isGreaterThan(0.95);
  }

  /** Of thirty words, three praise and three blame; each review has one of them. */
  private static void reviews(Path folder, String file, int count, long seed) throws IOException {
    var random = new Random(seed);
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int label = i % 2;
      String decisive = "word" + (label * 3 + random.nextInt(3));
      int length = 5 + random.nextInt(10);
      int place = random.nextInt(length);
      text.append(i).append('\t').append(label).append("\t5\t");
      for (int k = 0; k < length; k++) {
        text.append(k == place ? decisive : "word" + (6 + random.nextInt(24))).append(' ');
      }
      text.append('\n');
    }
    Files.writeString(folder.resolve(file), text.toString());
  }

  @Test
  void translation_learnsWordsAndTheirOrder(@TempDir Path folder) throws IOException {
    String[] english = {"one", "two", "three", "four", "five"};
    String[] french = {"un", "deux", "trois", "quatre", "cinq"};
    var text = new StringBuilder();
    for (int a = 0; a < 5; a++) {
      for (int b = 0; b < 5; b++) {
        for (int c = 0; c < 5; c++) {
          text.append("%s %s %s\t".formatted(english[a], english[b], english[c]));
          text.append("%s %s %s\n".formatted(french[c], french[b], french[a]));
        }
      }
    }
    Files.writeString(folder.resolve("fra-eng.zip"), text.toString());
    Path model =
        small(
            folder,
            "translation",
            "words = 6000",
            "words = 10",
            "longest = 8",
            "longest = 4",
            "width: int = 128",
            "width: int = 32",
            "depth: int = 2",
            "depth: int = 1",
            "hold_back = 0.02",
            "hold_back = 0.1",
            "warmup = 400",
            "warmup = 20",
            "peak = 1e-3",
            "peak = 1e-2",
            "batch 64",
            "batch 16",
            "epochs 6",
            "epochs 25");

    assertThat(validated(train(model), "accuracy")).isGreaterThan(0.95);
    assertThat(generate(model, "Two five five", 0)).isEqualTo("cinq cinq deux");
  }

  /** A sample with some of its words replaced, each of which it must have. */
  private static Path small(Path folder, String name, String... replacements) throws IOException {
    String text = Files.readString(Path.of(name, name + ".dlm"));
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(text).contains(replacements[i]);
      text = text.replace(replacements[i], replacements[i + 1]);
    }
    return Files.writeString(folder.resolve(name + ".dlm"), text);
  }

  private static String train(Path model) {
    return run("train", model.toString(), "--out", out(model), "--json", "--seed", "1");
  }

  private static String generate(Path model, String prompt, int count) {
    String[] arguments = {
      "generate",
      model.toString(),
      "--weights",
      out(model),
      "--prompt",
      prompt,
      "--count",
      "" + count,
      "--temperature",
      "0"
    };
    return run(arguments).stripTrailing() + (count > 0 ? " " : "");
  }

  private static String out(Path model) {
    return model.resolveSibling("out").toString();
  }

  private static String run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exitCode =
        Main.run(
            arguments,
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8));
    assertThat(exitCode).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  /** A validation metric of the last epoch. */
  private static double validated(String events, String metric) {
    Matcher matcher =
        Pattern.compile("\"validate\":\\{[^}]*\"" + metric + "\":([-0-9.Ee]+)").matcher(events);
    double value = Double.NaN;
    while (matcher.find()) {
      value = Double.parseDouble(matcher.group(1));
    }
    assertThat(value).as("%s in %s", metric, events).isNotNaN();
    return value;
  }
}
