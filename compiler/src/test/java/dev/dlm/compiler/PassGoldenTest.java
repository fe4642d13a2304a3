package dev.dlm.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.compiler.pass.Pipeline;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Signature;
import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Passes on graphs in text form. A file of {@code src/test/resources/passes} holds a line {@code //
 * RUN: pass,pass}, a graph, a line {@code // EXPECT:}, and the graph after the passes, without
 * locations. Each signature is a case; those whose name begins with {@code kept:} must come out
 * unchanged, all others changed.
 *
 * <p>A failing run writes the text it got beside the file, with the suffix {@code .actual}; {@code
 * -Dgolden.update=true} accepts it.
 */
class PassGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/passes");
  private static final String RUN = "// RUN: ";
  private static final String EXPECT = "// EXPECT:\n";
  private static final String KEPT = "kept:";

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".gir")).sorted().toList();
    }
  }

  @Test
  void everyPass_hasCases() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Path file : files()) {
      lines.append(Files.readAllLines(file).get(0)).append('\n');
    }
    Passes.all().keySet().forEach(pass -> assertThat(lines).contains(RUN + pass));
  }

  @ParameterizedTest
  @MethodSource("files")
  void passes_giveTheExpectedText(Path file) throws IOException {
    String text = Files.readString(file);
    int end = text.contains(EXPECT) ? text.indexOf(EXPECT) : text.length();
    Graph before = GraphParser.parse(text.substring(0, end), file.toString());
    Graph after = pipelineOf(text).run(before);
    assertSensible(before, after);
    String actual =
        text.substring(0, end)
            + EXPECT
            + GraphPrinter.print(after, GraphPrinter.Options.WITHOUT_LOCATIONS);
    if (!actual.equals(text)) {
      boolean update = Boolean.getBoolean("golden.update");
      Files.writeString(update ? file : Path.of(file + ".actual"), actual);
      assertThat(update ? actual : text).isEqualTo(actual);
    }
  }

  private static Pipeline pipelineOf(String text) {
    assertThat(text).startsWith(RUN);
    return Passes.parse(text.substring(RUN.length(), text.indexOf('\n')));
  }

  private static void assertSensible(Graph before, Graph after) {
    assertThat(before.signatures()).anyMatch(signature -> signature.name().startsWith(KEPT));
    for (Signature signature : before.signatures()) {
      boolean same = after.signature(signature.name()) == signature;
      assertThat(same)
          .as("signature \"%s\" unchanged", signature.name())
          .isEqualTo(signature.name().startsWith(KEPT));
    }
  }
}
