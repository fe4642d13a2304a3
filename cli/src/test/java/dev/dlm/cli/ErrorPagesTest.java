package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorPagesTest {
  private static final Pattern CODE = Pattern.compile("\\berror\\(\\s*\"([a-z]+(?:-[a-z]+)+)\"");

  @Test
  void everyErrorOfTheCommand_hasItsPage() throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        CODE.matcher(Files.readString(file)).results().forEach(hit -> codes.add(hit.group(1)));
      }
    }
    assertThat(codes).contains("missing-size", "unknown-size", "unknown-model");
    for (String code : codes) {
      assertThat(Path.of("../docs/errors", code + ".md"))
          .content()
          .startsWith("# " + code + "\n")
          .contains("error[" + code + "]", "**Why.**", "**Mend.**");
    }
  }
}
