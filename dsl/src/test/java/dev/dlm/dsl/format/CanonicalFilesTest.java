package dev.dlm.dsl.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CanonicalFilesTest {

  /** The library's files and the samples. */
  static Stream<Path> files() throws IOException {
    try (Stream<Path> library = Files.walk(Path.of("src/main/resources"));
        Stream<Path> samples = Files.walk(Path.of("../samples"))) {
      List<Path> files =
          Stream.concat(library, samples)
              .filter(file -> file.toString().endsWith(".dlm"))
              .filter(file -> !file.toString().contains("target"))
              .sorted()
              .toList();
      assertThat(files).hasSizeGreaterThan(6);
      return files.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void file_isInItsCanonicalLayout(Path file) throws IOException {
    String text = Files.readString(file);
    String formatted = Formatter.format(file.toString(), text);
    if (Boolean.getBoolean("golden.update")) {
      write(file, formatted);
      return;
    }
    assertThat(text).isEqualTo(formatted);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
