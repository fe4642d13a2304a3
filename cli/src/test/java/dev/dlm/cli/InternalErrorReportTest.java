package dev.dlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.cli.console.Console;
import dev.dlm.diagnostic.InternalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InternalErrorReportTest {
  @Test
  void write_namesAFileThatHoldsAllThatIsKnown() throws IOException {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            0);
    console.useJson();

    int exitCode =
        InternalErrorReport.write(
            new InternalException("pass fold-constants failed", "graph \"g\" {}"),
            new String[] {"check", "m.dlm"},
            console);

    assertThat(exitCode).isEqualTo(3);
    String messages = err.toString(StandardCharsets.UTF_8);
    assertThat(messages)
        .startsWith("dlm: internal error: pass fold-constants failed\n")
        .doesNotContain("\tat ");
    var event = CommandRun.parse(out.toString(StandardCharsets.UTF_8).strip());
    assertThat(event).containsEntry("event", "internal-error");
    Path report = Path.of(String.valueOf(event.get("report")));
    assertThat(messages).contains(report.toString());
    assertThat(Files.readString(report))
        .contains("arguments: check m.dlm")
        .contains("\tat " + InternalErrorReportTest.class.getName())
        .contains("graph \"g\" {}");
    Files.delete(report);
  }
}
