package dev.dlm.dsl.elaborate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.Dsl;
import dev.dlm.dsl.source.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files with mistakes. Beside each mistake stands {@code expected-error {{code: part of the
 * message}}}, and where they matter {@code expected-note {{…}}} and {@code expected-help {{…}}}.
 */
final class ErrorFilesTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/dlm/dsl/errors");
  private static final Pattern EXPECTED =
      Pattern.compile("expected-(error|note|help) \\{\\{(.*?)}}(?= expected-|$)");
  private static final Pattern CODE =
      Pattern.compile(
          "(?:roblem|iagnostic|mismatch|error|report)\\(\\s*(?:module,\\s*)?\"([a-z-]+)\"");

  private record Expected(String kind, String text) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calls",
        "control",
        "cycle",
        "early",
        "five-mistakes",
        "imports",
        "indexing",
        "ops",
        "recursion",
        "shapes",
        "statements",
        "syntax-and-meaning",
        "training"
      })
  void elaborate_reportsEachMistakeAtItsPlace(String name) throws IOException {
    Map<String, List<Expected>> expected = new LinkedHashMap<>();
    for (String file : filesOf(name)) {
      collect(file, expected);
    }
    List<Diagnostic> found = diagnostics(name + ".dlm");
    List<String> seen = new ArrayList<>();
    for (Diagnostic diagnostic : found) {
      String place = place(diagnostic);
      seen.add(place + " " + diagnostic.code() + ": " + diagnostic.message());
      for (Expected part : expected.getOrDefault(place, List.of())) {
        switch (part.kind) {
          case "error" ->
              assertThat(diagnostic.code() + ": " + diagnostic.message())
                  .as(place)
                  .contains(part.text);
          case "note" ->
              assertThat(diagnostic.notes())
                  .as(place)
                  .anySatisfy(note -> assertThat(note.message()).contains(part.text));
          default -> assertThat(diagnostic.help().orElse("no help")).as(place).contains(part.text);
        }
      }
    }
    assertThat(found.stream().map(ErrorFilesTest::place).toList())
        .as("%s", seen)
        .containsExactlyElementsOf(expected.keySet());
  }

  @Test
  void everyCode_hasAPage_andAFileThatShowsIt() throws IOException {
    TreeSet<String> codes = new TreeSet<>(List.of("syntax"));
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher matcher = CODE.matcher(Files.readString(source));
        while (matcher.find()) {
          codes.add(matcher.group(1));
        }
      }
    }
    assertThat(codes).hasSizeGreaterThan(25);
    StringBuilder shown = new StringBuilder();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        shown.append(Files.readString(file));
      }
    }
    // A run of two million statements shows nothing that a hundred thousand copies do not.
    for (String code : codes) {
      assertThat(Path.of("../docs/errors", code + ".md")).as(code).exists();
      assertThat(shown.toString()).contains("{{" + code + ": ");
    }
  }

  private static List<String> filesOf(String name) {
    return switch (name) {
      case "cycle" -> List.of("cycle.dlm", "cycle-b.dlm", "cycle-c.dlm");
      case "imports" -> List.of("imports.dlm", "left.dlm", "right.dlm");
      default -> List.of(name + ".dlm");
    };
  }

  private static void collect(String file, Map<String, List<Expected>> expected)
      throws IOException {
    List<String> lines = Files.readAllLines(FOLDER.resolve(file));
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = EXPECTED.matcher(lines.get(i));
      while (matcher.find()) {
        expected
            .computeIfAbsent(file + ":" + (i + 1), unused -> new ArrayList<>())
            .add(new Expected(matcher.group(1), matcher.group(2)));
      }
    }
  }

  private static String place(Diagnostic diagnostic) {
    Location.Source source = diagnostic.location().source().orElseThrow();
    return source.file() + ":" + source.line();
  }

  private static List<Diagnostic> diagnostics(String file) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path path : files.toList()) {
        texts.put(path.getFileName().toString(), Files.readString(path));
      }
    }
    GraphException fault =
        catchThrowableOfType(GraphException.class, () -> Dsl.elaborate(file, Sources.of(texts)));
    return fault.diagnostics();
  }
}
