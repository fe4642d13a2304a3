package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GenerateCommandTest {
  private static final String CHARACTERS =
      """
      import nn

      model Pairs(vocabulary: int = 5) {
        input tokens: i32[B, T]
        input following: i32[B, T]
        logits = nn.Embedding(vocabulary, vocabulary)(tokens)
        output next = softmax(logits[:, -1])
        loss = mean(cross_entropy(logits, following))
      }

      train Pairs {
        data tokens, following = text("song.txt", length = 8)
        minimize loss
        optimizer adam(rate = 0.1)
        batch 4
        epochs 10
      }
      """;

  private static final String SENTENCES =
      """
      import nn

      model Words(vocabulary: int = 12) {
        input source: i32[B, S]
        input target: i32[B, T]
        meaning = sum(nn.Embedding(vocabulary, 16)(source), 1, keep = true)
        said = nn.Embedding(vocabulary, 16)(target)
        logits = tanh(meaning + said) |> nn.Dense(vocabulary)
        output next = softmax(logits[:, -1])
        wanted = target[:, 1:]
        loss = masked_mean(cross_entropy(logits[:, :-1], wanted), wanted != 0)
      }

      train Words {
        data source, target = sentence_pairs("pairs.tsv", vocabulary = 12, length = 4)
        minimize loss
        optimizer adam(rate = 0.05)
        batch 3
        epochs 60
      }
      """;

  private static CommandRun trained(Path folder, String model, String data, String content)
      throws IOException {
    Path file = Files.writeString(folder.resolve("model.dlm"), model);
    Files.writeString(folder.resolve(data), content);
    CommandRun run = CommandRun.of("train", file, "--out", folder.resolve("out"));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
    return run;
  }

  private static CommandRun generate(Path folder, Object... options) {
    Object[] arguments = new Object[4 + options.length];
    arguments[0] = "generate";
    arguments[1] = folder.resolve("model.dlm");
    arguments[2] = "--weights";
    arguments[3] = folder.resolve("out");
    System.arraycopy(options, 0, arguments, 4, options.length);
    return CommandRun.of(arguments);
  }

  @Test
  void generate_continuesAText(@TempDir Path folder) throws IOException {
    trained(folder, CHARACTERS, "song.txt", "abcde".repeat(60));

    CommandRun run = generate(folder, "--prompt", "ab", "--count", 11, "--temperature", 0);

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo("abcdeabcdeabc\n");
    Object[] seeded = {"--prompt", "ab", "--count", 40, "--temperature", 3, "--seed", 5, "--json"};
    CommandRun random = generate(folder, seeded);
    assertThat(random).isEqualTo(generate(folder, seeded));
    assertThat(random.lastEvent().get("event")).isEqualTo("generated");
    assertThat((String) random.lastEvent().get("text")).hasSize(40).matches("[a-e]+");
    CommandRun unknown = generate(folder, "--prompt", "x");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.INPUT_AT_FAULT);
    assertThat(unknown.err()).contains("error[data-mismatch]", "no character 'x'");
    assertThat(generate(folder, "--top", -1).exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
    Files.delete(folder.resolve("out/fitted.txt"));
    assertThat(generate(folder).err()).contains("error[file-read]", "it holds the vocabulary");
  }

  @Test
  void generate_translatesASentence(@TempDir Path folder) throws IOException {
    String pairs = "Go on.\tVa !\nStop.\tArrête !\nRun!\tCours vite !\n";
    trained(folder, SENTENCES, "pairs.tsv", pairs);

    assertThat(generate(folder, "--prompt", "Run!").out()).isEqualTo("cours vite !\n");
    assertThat(generate(folder, "--prompt", "stop.").out()).isEqualTo("arrête !\n");
    assertThat(generate(folder, "--prompt", "go on on on on.").err())
        .contains("error[data-mismatch]", "has 6 words; the model takes 1 to 4");
    assertThat(generate(folder).exitCode()).isEqualTo(ExitCode.WRONG_USAGE);
  }

  @Test
  void generate_saysWhichModelsItIsFor(@TempDir Path folder) throws IOException {
    String silent = CHARACTERS.replace("output next", "output probability");
    trained(folder, silent, "song.txt", "abcde".repeat(60));

    assertThat(generate(folder).err())
        .contains("error[unknown-output]", "'predict' has no output 'next'");
    TinyProject tiny = TinyProject.in(folder);
    Path out = folder.resolve("tiny.out");
    CommandRun.of("train", tiny.model(), "--out", out, "--epochs", 1);
    Files.writeString(out.resolve("fitted.txt"), "dlm fitted 1\n");
    assertThat(CommandRun.of("generate", tiny.model(), "--weights", out).err())
        .contains("error[not-generative]", "is not trained on text or sentence pairs");
  }
}
