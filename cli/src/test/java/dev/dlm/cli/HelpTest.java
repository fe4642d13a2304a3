package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The help texts are golden files. {@code -Dgolden.update=true} accepts changed ones; what is then
 * left is to read the difference.
 */
class HelpTest {
  private static final String FOLDER = "dev/dlm/cli/help";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "check",
        "fmt",
        "show",
        "test",
        "train",
        "eval",
        "run",
        "generate",
        "compile",
        "inspect",
        "bench",
        "devices"
      })
  void help_isTheGoldenText(String command) throws IOException {
    CommandRun run = command.isEmpty() ? CommandRun.of("--help") : CommandRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    String name = (command.isEmpty() ? "dlm" : command) + ".txt";
    Path source = Path.of("src/test/resources", FOLDER, name);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(source, run.out());
    }
    String golden = Files.exists(source) ? Files.readString(source, StandardCharsets.UTF_8) : "";
    if (!run.out().equals(golden)) {
      Files.writeString(Path.of("target", name + ".actual"), run.out());
    }
    assertThat(run.out()).isEqualTo(golden);
  }

  @Test
  void help_isWhatTheCommandPrintsWithoutArguments() {
    assertThat(CommandRun.of()).isEqualTo(CommandRun.of("--help"));
  }

  @Test
  void help_ofEveryCommandShowsExamples() {
    String commands = CommandRun.of("--help").out();
    for (String line : commands.substring(commands.indexOf("Commands:")).lines().toList()) {
      if (line.startsWith("  ") && !line.contains("dlm ")) {
        String command = line.trim().split(" ", 2)[0];
        assertThat(CommandRun.of(command, "--help").out())
            .as(command)
            .contains("Examples:\n  dlm " + command);
      }
    }
  }
}
