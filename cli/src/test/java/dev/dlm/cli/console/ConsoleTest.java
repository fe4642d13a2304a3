package dev.dlm.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.Location;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8),
          0);

  @TempDir private Path folder;

  @Test
  void forPeople_resultsAndMessagesGoToTheirStreamsAndEventsNowhere() {
    console.println("ten classes");
    console.say("reading");
    console.emit(Event.of("epoch"));

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ten classes\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("dlm: reading\n");
  }

  @Test
  void forMachines_standardOutputHoldsEventsAlone() {
    console.useJson();
    console.println("ten classes");
    console.emit(
        Event.of("epoch")
            .with("loss", Double.NaN)
            .with("rate", 1e-3f)
            .with("sizes", List.of(1L, 2))
            .with("metrics", Map.of("accuracy", 0.5)));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"event\":\"epoch\",\"loss\":\"NaN\",\"rate\":0.001,\"sizes\":[1,2],"
                + "\"metrics\":{\"accuracy\":0.5}}\n");
  }

  @Test
  void report_showsTheLineForPeopleAndAllPartsForMachines() throws Exception {
    Path file = Files.writeString(folder.resolve("m.dlm"), "model M {\n  y = z\n}\n");
    Diagnostic diagnostic =
        Diagnostic.error("unknown-name", "no 'z' here", Location.Source.at(file.toString(), 2, 7))
            .withHelp("did you mean 'x'?");

    console.report(List.of(diagnostic));
    console.useJson();
    console.report(List.of(diagnostic));

    String text =
        file
            + ":2:7: error[unknown-name]: no 'z' here\n"
            + " 2 |   y = z\n   |       ^\n  help: did you mean 'x'?\n";
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith(
            "{\"event\":\"diagnostic\",\"severity\":\"error\",\"code\":\"unknown-name\","
                + "\"message\":\"no 'z' here\"")
        .contains("\"line\":2,\"column\":7")
        .contains("\"help\":\"did you mean 'x'?\"");
  }
}
