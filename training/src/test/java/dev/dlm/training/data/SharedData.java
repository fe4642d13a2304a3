package dev.dlm.training.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the data sets that may lie beside the checkout. */
final class SharedData {
  private SharedData() {}

  /** A folder of the shared data; its absence skips the calling test with a word. */
  static Path folder(String name) {
    String given = System.getProperty("dlm.shared");
    Path folder =
        given == null ? search().resolve("data").resolve(name) : Path.of(given, "data", name);
    Assumptions.assumeTrue(
        Files.isDirectory(folder), () -> "skipped: there is no shared/data/" + name + " here");
    return folder;
  }

  private static Path search() {
    Path here = Path.of("").toAbsolutePath();
    for (Path at = here; at != null; at = at.getParent()) {
      Path shared = at.resolve("shared");
      if (Files.isDirectory(shared.resolve("data"))) {
        return shared;
      }
    }
    return here.resolve("shared");
  }
}
