package dev.dlm.cli.command;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A text that the user named on the command line. */
final class TextFile {
  private TextFile() {}

  /**
   * The text of a file in UTF-8.
   *
   * @throws GraphException with code {@code file-read} if it cannot be read
   */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new GraphException(
          Diagnostic.error(
              "file-read",
              "cannot read '%s': %s".formatted(file, reason(file, e)),
              Location.UNKNOWN),
          e);
    }
  }

  private static String reason(Path file, IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "access denied";
      case MalformedInputException _ -> "it is not UTF-8 text";
      default -> Files.isDirectory(file) ? "it is a folder" : String.valueOf(cause.getMessage());
    };
  }
}
