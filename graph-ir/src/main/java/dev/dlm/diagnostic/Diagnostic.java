package dev.dlm.diagnostic;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One message about the user's input: what is wrong, where, why, and how to mend it. Immutable; the
 * {@code with…} and {@code note} methods return extended copies.
 *
 * @param code stable, lower case with hyphens, for example {@code shape-mismatch}; documented in
 *     {@code docs/errors/<code>.md}
 * @param message one sentence without a final stop, with the state found and the state expected
 * @param help the mend, where one is known
 */
public record Diagnostic(
    Severity severity,
    String code,
    String message,
    Location location,
    List<Note> notes,
    Optional<String> help) {

  /** A further fact with its own place, for example where a type came from. */
  public record Note(String message, Location location) {}

  public Diagnostic {
    notes = List.copyOf(notes);
  }

  /** An error without notes. */
  public static Diagnostic error(String code, String message, Location location) {
    return new Diagnostic(Severity.ERROR, code, message, location, List.of(), Optional.empty());
  }

  /** A warning without notes. */
  public static Diagnostic warning(String code, String message, Location location) {
    return new Diagnostic(Severity.WARNING, code, message, location, List.of(), Optional.empty());
  }

  /** This diagnostic with one more note. */
  public Diagnostic note(String text, Location place) {
    List<Note> more = new ArrayList<>(notes);
    more.add(new Note(text, place));
    return new Diagnostic(severity, code, message, location, more, help);
  }

  /** This diagnostic with the given help line. */
  public Diagnostic withHelp(String text) {
    return new Diagnostic(severity, code, message, location, notes, Optional.of(text));
  }

  /** This diagnostic at another place, for a caller that knows it better. */
  public Diagnostic at(Location place) {
    return new Diagnostic(severity, code, message, place, notes, help);
  }

  /** The message in one line: place, severity, code, message. */
  public String summary() {
    String place = location instanceof Location.Unknown ? "" : location + ": ";
    return place + severity.word() + "[" + code + "]: " + message;
  }
}
