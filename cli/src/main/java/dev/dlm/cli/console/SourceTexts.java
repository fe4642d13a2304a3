package dev.dlm.cli.console;

import dev.dlm.dsl.source.StandardLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The texts that diagnostics point into. */
final class SourceTexts {
  private SourceTexts() {}

  /**
   * The text of a file that a location names: one of the library, or one of the user's. A file that
   * can no longer be read has none, and its diagnostics then stand without the line.
   */
  static Optional<String> read(String file) {
    Optional<String> library = StandardLibrary.text(file);
    if (library.isPresent()) {
      return library;
    }
    try {
      return Optional.of(Files.readString(Path.of(file)));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
