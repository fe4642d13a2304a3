package dev.dlm.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code in the README is code that runs: models elaborate, and Java stands in a tested sample. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @Test
  void models_elaborateWithoutMistakes() throws IOException {
    List<String> models = blocks("dlm");

    assertThat(models).isNotEmpty();
    for (String model : models) {
      assertThat(Dsl.elaborate("README.dlm", Sources.of(Map.of("README.dlm", model))).models())
          .isNotEmpty();
    }
  }

  @Test
  void java_standsInSamplesThatTestsRun() throws IOException {
    String sources;
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      sources =
          files
              .filter(Files::isRegularFile)
              .sorted()
              .map(ReadmeTest::read)
              .map(ReadmeTest::withoutIndentation)
              .collect(Collectors.joining("\n"));
    }
    List<String> blocks = blocks("java");

    assertThat(blocks).isNotEmpty();
    assertThat(blocks).allSatisfy(block -> assertThat(sources).contains(withoutIndentation(block)));
  }

  private static List<String> blocks(String language) throws IOException {
    Pattern fence = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
    return fence
        .matcher(Files.readString(README))
        .results()
        .map(result -> result.group(1))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withoutIndentation(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
  }
}
