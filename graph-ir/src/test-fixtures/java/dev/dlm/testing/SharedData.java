package dev.dlm.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The folder of real data sets beside the checkout, which a machine may lack.
 *
 * <p>It is the one that the system property {@code dlm.shared} names, or else the first {@code
 * shared} with a folder {@code data} in it, in the working directory or one above.
 */
public final class SharedData {
  private SharedData() {}

  /**
   * The file or folder at a path inside {@code shared}, such as {@code data/mnist}.
   *
   * <p>Where it is absent the calling test is skipped, with a message that names it.
   */
  public static Path require(String path) {
    Optional<Path> found = find(System.getProperty("dlm.shared"), Path.of(""), path);
    Assumptions.assumeTrue(
        found.isPresent(),
        () ->
            "skipped: no shared/"
                + path
                + " beside the checkout; -Ddlm.shared=DIR names another shared");
    return found.orElseThrow();
  }

  /** The same search, from a given setting of the property and a given working directory. */
  static Optional<Path> find(@Nullable String property, Path workingDirectory, String path) {
    if (property != null) {
      return Optional.of(Path.of(property, path)).filter(Files::exists);
    }
    for (Path directory = workingDirectory.toAbsolutePath();
        directory != null;
        directory = directory.getParent()) {
      Path shared = directory.resolve("shared");
      if (Files.isDirectory(shared.resolve("data"))) {
        return Optional.of(shared.resolve(path)).filter(Files::exists);
      }
    }
    return Optional.empty();
  }
}
