package dev.dlm.cli.model;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which checkpoint a command takes the weights from. */
public final class WeightsFile {
  private static final String NAME = "weights.safetensors";

  private WeightsFile() {}

  /**
   * The file that the user named, or the one in the folder that the user named, or else what {@code
   * dlm train} left for this model in the current folder.
   *
   * @throws GraphException with code {@code file-read} if there is none
   */
  public static Path choose(Optional<Path> named, ModelFile model) {
    if (named.isPresent()) {
      return Files.isDirectory(named.get()) ? named.get().resolve(NAME) : named.get();
    }
    Path standard = model.standardOutput().resolve(NAME);
    if (!Files.exists(standard)) {
      throw new GraphException(
          Diagnostic.error(
                  "file-read", "there are no weights at '%s'".formatted(standard), Location.UNKNOWN)
              .withHelp(
                  "--weights FILE names a checkpoint; dlm train %s makes one"
                      .formatted(model.file())));
    }
    return standard;
  }
}
