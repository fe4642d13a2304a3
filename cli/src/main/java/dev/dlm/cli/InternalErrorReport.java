package dev.dlm.cli;

import dev.dlm.cli.console.Console;
import dev.dlm.cli.console.Event;
import dev.dlm.cli.console.ExitCode;
import dev.dlm.cli.console.Version;
import dev.dlm.diagnostic.InternalException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the user learns of a failure that is not the user's fault. */
final class InternalErrorReport {
  private InternalErrorReport() {}

  /**
   * Writes the failure with all that brings it back to a file, and names the file.
   *
   * @return {@link ExitCode#INTERNAL_ERROR}
   */
  static int write(Throwable failure, String[] arguments, Console console) {
    String summary =
        failure instanceof InternalException && failure.getMessage() != null
            ? failure.getMessage()
            : failure.toString();
    console.say("internal error: " + summary);
    Event event = Event.of("internal-error").with("message", summary);
    try {
      Path file = Files.createTempFile("dlm-internal-error-", ".txt");
      Files.writeString(file, report(failure, arguments));
      console.say("this is a mistake in dlm itself; all that is known of it stands in " + file);
      event.with("report", file.toString());
    } catch (IOException e) {
      console.say("no report could be written: " + e);
      console.messages().print(report(failure, arguments));
      console.messages().flush();
    }
    console.emit(event);
    return ExitCode.INTERNAL_ERROR;
  }

  private static String report(Throwable failure, String[] arguments) {
    var text = new StringWriter();
    var writer = new PrintWriter(text);
    writer.println(Version.LINE);
    writer.println(
        "java "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
    writer.println("arguments: " + String.join(" ", arguments));
    writer.println();
    failure.printStackTrace(writer);
    if (failure instanceof InternalException internal) {
      internal
          .reproducer()
          .ifPresent(reproducer -> {
            writer.println();
            writer.println("reproducer:");
            writer.println(reproducer);
          });
    }
    writer.flush();
    return text.toString();
  }
}
