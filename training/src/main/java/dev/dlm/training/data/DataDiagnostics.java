package dev.dlm.training.data;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** The exceptions for data that are at fault. */
public final class DataDiagnostics {
  private DataDiagnostics() {}

  /** A file or array whose content is wrong. */
  public static GraphException invalid(String origin, String problem) {
    return new GraphException(invalidDiagnostic(origin, problem));
  }

  /** A file whose content is wrong at a byte, counted behind any compression. */
  public static GraphException invalidAt(String origin, long offsetBytes, String problem) {
    return invalid(origin, "at byte %d: %s".formatted(offsetBytes, problem));
  }

  /** As {@link #invalidAt(String, long, String)}, found through another exception. */
  public static GraphException invalidAt(
      String origin, long offsetBytes, String problem, IOException cause) {
    return new GraphException(
        invalidDiagnostic(origin, "at byte %d: %s".formatted(offsetBytes, problem)), cause);
  }

  /**
   * A text file whose content is wrong at a place.
   *
   * @param line from one, behind any compression
   * @param column from one, in characters
   */
  public static GraphException invalidAt(String origin, long line, long column, String problem) {
    return new GraphException(
        Diagnostic.error(
            "data-invalid",
            problem,
            Location.Source.at(origin, Math.toIntExact(line), Math.toIntExact(column))));
  }

  /** Sound data that do not fit what is wanted of them. */
  public static GraphException mismatch(String message) {
    return new GraphException(Diagnostic.error("data-mismatch", message, Location.UNKNOWN));
  }

  /** A file that cannot be read at all. */
  public static GraphException unreadable(String origin, IOException cause) {
    String reason;
    if (cause instanceof NoSuchFileException) {
      reason = "no such file";
    } else if (cause instanceof AccessDeniedException) {
      reason = "access denied";
    } else {
      reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
    return new GraphException(
        Diagnostic.error(
            "file-read",
            "cannot read the data file '%s': %s".formatted(origin, reason),
            Location.UNKNOWN),
        cause);
  }

  private static Diagnostic invalidDiagnostic(String origin, String problem) {
    return Diagnostic.error(
        "data-invalid", "'%s' is not valid data: %s".formatted(origin, problem), Location.UNKNOWN);
  }
}
