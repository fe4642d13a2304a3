package dev.dlm.training;

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

  /** The codes of all errors in a module's sources. */
  private static Set<String> codes(Path sources) throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        CODE.matcher(Files.readString(file)).results().forEach(hit -> codes.add(hit.group(1)));
      }
    }
    return codes;
  }

  @Test
  void everyErrorOfSessionsAndTraining_hasItsPage() throws IOException {
    Set<String> codes = new TreeSet<>(codes(Path.of("src/main/java")));
    codes.addAll(codes(Path.of("../runtime/src/main/java")));
    assertThat(codes).hasSizeGreaterThan(15).contains("not-finite", "memory-limit");
    for (String code : codes) {
      assertThat(Path.of("../docs/errors", code + ".md"))
          .content()
          .startsWith("# " + code + "\n")
          .contains("error[" + code + "]", "**Why.**", "**Mend.**");
    }
  }
}
