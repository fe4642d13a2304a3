package dev.dlm.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {
  private static final Map<String, String> FILES =
      Map.of(
          "digits.dlm",
          "model Digits {\n    |> nn.Dense(classes)\n\tx = y\n}\n",
          "long.dlm",
          "x = " + "1 + ".repeat(100) + "bad + " + "1 + ".repeat(100) + "1");

  private final DiagnosticRenderer renderer =
      new DiagnosticRenderer(file -> Optional.ofNullable(FILES.get(file)));

  @Test
  void render_showsTheLineWithCaretsUnderTheWordsThenNotesAndHelp() {
    Diagnostic diagnostic =
        Diagnostic.error(
                "shape-mismatch",
                "inner dimensions differ: 3136 and 1024",
                new Location.Source("digits.dlm", 2, 8, 2, 25))
            .note("x is f32[B, 3136], from flatten", Location.Source.at("digits.dlm", 1, 7))
            .withHelp("change the units");

    assertThat(renderer.render(diagnostic))
        .isEqualTo(
            """
            digits.dlm:2:8: error[shape-mismatch]: inner dimensions differ: 3136 and 1024
             2 |     |> nn.Dense(classes)
               |        ^^^^^^^^^^^^^^^^^
              note: x is f32[B, 3136], from flatten at digits.dlm:1:7
              help: change the units
            """);
  }

  @Test
  void render_pointsAtTheUsersOwnLineAndListsTheCallsToThePlace() {
    Location place =
        new Location.Called(
            Location.Source.at("nn.dlm", 40, 5),
            "linear",
            new Location.Called(
                Location.Source.at("nn.dlm", 12, 9),
                "nn.Dense",
                new Location.Source("digits.dlm", 2, 8, 2, 16)));

    assertThat(renderer.render(Diagnostic.error("arity", "one argument is missing", place)))
        .isEqualTo(
            """
            digits.dlm:2:8: error[arity]: one argument is missing
             2 |     |> nn.Dense(classes)
               |        ^^^^^^^^
              note: in nn.Dense at nn.dlm:12:9
              note: in linear at nn.dlm:40:5
            """);
  }

  @Test
  void render_keepsTabsBeforeTheCaret() {
    Diagnostic diagnostic =
        Diagnostic.error("unknown-name", "no y", Location.Source.at("digits.dlm", 3, 6));

    assertThat(renderer.render(diagnostic)).endsWith(" 3 | \tx = y\n   | \t    ^\n");
  }

  @Test
  void render_showsThePartOfALongLineAroundThePlace() {
    Diagnostic diagnostic =
        Diagnostic.error("unknown-name", "no bad", new Location.Source("long.dlm", 1, 405, 1, 408));

    String[] lines = renderer.render(diagnostic).split("\n");

    assertThat(lines[1]).hasSizeLessThan(170);
    int caret = lines[2].indexOf("^^^");
    assertThat(lines[1].substring(caret, caret + 3)).isEqualTo("bad");
  }

  @Test
  void render_standsWithoutLineWhereThereIsNone() {
    Diagnostic elsewhere =
        Diagnostic.error("file-read", "no such file", Location.Source.at("gone.dlm", 1, 1));

    assertThat(renderer.render(elsewhere))
        .isEqualTo("gone.dlm:1:1: error[file-read]: no such file\n");
    assertThat(renderer.render(Diagnostic.warning("slow", "no vectors", Location.UNKNOWN)))
        .isEqualTo("warning[slow]: no vectors\n");
  }
}
