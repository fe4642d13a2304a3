package dev.dlm.dsl.source;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Where the texts of {@code .dlm} files come from. */
public interface Sources {

  /**
   * The text of a file.
   *
   * @throws IOException if there is none or it cannot be read
   */
  String read(String file) throws IOException;

  /** The name of the file that {@code importer} calls {@code target}: beside it. */
  default String resolve(String importer, String target) {
    Path path = Path.of(importer).resolveSibling(target).normalize();
    return path.toString();
  }

  /** The files of this machine. */
  static Sources ofFiles() {
    return file -> {
      try {
        return Files.readString(Path.of(file));
      } catch (MalformedInputException e) {
        throw new IOException("it is not UTF-8 text", e);
      }
    };
  }

  /** Texts in memory, by file name. */
  static Sources of(Map<String, String> texts) {
    Map<String, String> copy = Map.copyOf(texts);
    return file -> {
      String text = copy.get(file);
      if (text == null) {
        throw new NoSuchFileException(file);
      }
      return text;
    };
  }
}
