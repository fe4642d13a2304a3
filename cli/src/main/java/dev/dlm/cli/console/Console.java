package dev.dlm.cli.console;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.DiagnosticRenderer;
import dev.dlm.diagnostic.Location;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a command's results and messages go.
 *
 * <p>For people, results go to standard output and all else to standard error. With {@link
 * #useJson} standard output holds {@link Event}s and nothing else, diagnostics among them. Events
 * may come from several threads.
 */
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final int terminalColumns;
  private final DiagnosticRenderer renderer;
  private boolean json;

  /**
   * @param terminalColumns the width of the terminal that {@code err} is, or 0 if it is none
   */
  public Console(PrintStream out, PrintStream err, int terminalColumns) {
    this.out = out;
    this.err = err;
    this.terminalColumns = terminalColumns;
    this.renderer = new DiagnosticRenderer(SourceTexts::read);
  }

  /** Turns results for people off and events on. */
  public void useJson() {
    json = true;
  }

  public boolean isJson() {
    return json;
  }

  /** The width of the terminal that messages go to, or 0 if they go elsewhere. */
  public int terminalColumns() {
    return terminalColumns;
  }

  /** Where messages for people go. */
  public PrintStream messages() {
    return err;
  }

  /** Where messages for people go, as a writer that flushes line by line. */
  public PrintWriter messageWriter() {
    return new PrintWriter(err, true);
  }

  /** Where results for people go, as a writer that flushes line by line. */
  public PrintWriter resultWriter() {
    return new PrintWriter(out, true);
  }

  /** A result for people, without an added line end; left out where events are asked for. */
  public void print(String text) {
    if (!json) {
      out.print(text);
      out.flush();
    }
  }

  /** A line of a result for people; left out where events are asked for. */
  public void println(String line) {
    print(line + "\n");
  }

  /** A result for machines; left out where events are not asked for. */
  public synchronized void emit(Event event) {
    if (json) {
      out.print(event.json() + "\n");
      out.flush();
    }
  }

  /** A message for people about how the work goes. */
  public void say(String message) {
    err.print("dlm: " + message + "\n");
    err.flush();
  }

  /** Mistakes in what the user gave. */
  public void report(List<Diagnostic> diagnostics) {
    for (Diagnostic diagnostic : diagnostics) {
      if (json) {
        emit(event(diagnostic));
      } else {
        err.print(renderer.render(diagnostic));
      }
    }
    err.flush();
  }

  private Event event(Diagnostic diagnostic) {
    Event event =
        Event.of("diagnostic")
            .with("severity", diagnostic.severity().word())
            .with("code", diagnostic.code())
            .with("message", diagnostic.message());
    place(diagnostic.location()).forEach(event::with);
    List<Map<String, Object>> notes = new ArrayList<>();
    for (Diagnostic.Note note : diagnostic.notes()) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("message", note.message());
      members.putAll(place(note.location()));
      notes.add(members);
    }
    event.with("notes", notes);
    diagnostic.help().ifPresent(help -> event.with("help", help));
    return event.with("text", renderer.render(diagnostic));
  }

  private static Map<String, Object> place(Location location) {
    Map<String, Object> members = new LinkedHashMap<>();
    location
        .source()
        .ifPresent(source -> {
          members.put("file", source.file());
          members.put("line", source.line());
          members.put("column", source.column());
          members.put("endLine", source.endLine());
          members.put("endColumn", source.endColumn());
        });
    return members;
  }
}
