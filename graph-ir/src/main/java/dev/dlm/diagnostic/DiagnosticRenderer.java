package dev.dlm.diagnostic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lays a diagnostic out for people: place, severity, code and message, the line with carets under
 * the exact words, then the notes and the help.
 *
 * <pre>{@code
 * digits.dlm:14:8: error[shape-mismatch]: nn.Dense: inner dimensions differ: 3136 and 1024
 *  14 |     |> nn.Dense(classes)
 *     |        ^^^^^^^^^^^^^^^^^
 *   note: x is f32[B, 3136], from flatten at digits.dlm:12:8
 *   help: the last change to this layer's input is at line 12
 * }</pre>
 *
 * <p>Keeps the texts that it has asked for; used by one thread.
 */
public final class DiagnosticRenderer {
  /** Columns of a source line that are shown; of a longer line, those around the place. */
  private static final int MAX_COLUMNS = 160;

  private static final int COLUMNS_BEFORE_CARET = 60;

  private final Function<String, Optional<String>> texts;
  private final Map<String, List<String>> lines = new HashMap<>();

  /**
   * @param texts the text of a file by its name in locations; empty where it cannot be had, and
   *     diagnostics then stand without their lines
   */
  public DiagnosticRenderer(Function<String, Optional<String>> texts) {
    this.texts = texts;
  }

  /** The layout of one diagnostic, lines ended by a line feed. */
  public String render(Diagnostic diagnostic) {
    StringBuilder text = new StringBuilder();
    Optional<Location.Source> place = diagnostic.location().source();
    place.ifPresent(source -> text.append(source).append(": "));
    text.append(diagnostic.severity().word())
        .append('[')
        .append(diagnostic.code())
        .append("]: ")
        .append(diagnostic.message())
        .append('\n');
    place.ifPresent(source -> appendLine(text, source));
    for (Diagnostic.Note note : chain(diagnostic.location())) {
      appendNote(text, note);
    }
    for (Diagnostic.Note note : diagnostic.notes()) {
      appendNote(text, note);
    }
    diagnostic.help().ifPresent(help -> text.append("  help: ").append(help).append('\n'));
    return text.toString();
  }

  /** The calls between the user's own line and the place, outermost first. */
  private static List<Diagnostic.Note> chain(Location location) {
    List<Diagnostic.Note> calls = new ArrayList<>();
    Location current = location;
    while (current instanceof Location.Called(Location callee, String name, Location caller)) {
      calls.addFirst(new Diagnostic.Note("in " + name, callee));
      current = caller;
    }
    return calls;
  }

  private static void appendNote(StringBuilder text, Diagnostic.Note note) {
    text.append("  note: ").append(note.message());
    if (!(note.location() instanceof Location.Unknown)) {
      text.append(" at ").append(note.location());
    }
    text.append('\n');
  }

  private void appendLine(StringBuilder text, Location.Source place) {
    List<String> file =
        lines.computeIfAbsent(
            place.file(),
            name -> texts.apply(name).map(found -> found.lines().toList()).orElse(List.of()));
    if (place.line() < 1 || place.line() > file.size()) {
      return;
    }
    String line = file.get(place.line() - 1);
    int begin = Math.clamp(place.column() - 1L, 0, line.length());
    int end =
        place.endLine() > place.line()
            ? line.length()
            : Math.clamp(place.endColumn() - 1L, begin, line.length());
    int from = line.length() > MAX_COLUMNS ? Math.max(0, begin - COLUMNS_BEFORE_CARET) : 0;
    int to = Math.min(line.length(), from + MAX_COLUMNS);

    String number = Integer.toString(place.line());
    text.append(' ').append(number).append(" | ");
    text.append(line, from, to).append('\n');
    text.append(" ".repeat(number.length() + 1)).append(" | ");
    for (int i = from; i < begin; i++) {
      // A tab stays one, so that the caret stands under its word whatever a tab's width.
      text.append(line.charAt(i) == '\t' ? '\t' : ' ');
    }
    text.append("^".repeat(Math.max(1, Math.min(end, to) - begin))).append('\n');
  }
}
