package dev.dlm.dsl.source;

import dev.dlm.diagnostic.InternalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The modules that come with the language, written in the language: resources on the class path.
 */
public final class StandardLibrary {
  private static final Map<String, List<String>> FILES =
      Map.of(
          "nn",
          List.of(
              "nn/activations.dlm",
              "nn/attention.dlm",
              "nn/embedding.dlm",
              "nn/functions.dlm",
              "nn/initializers.dlm",
              "nn/layers.dlm",
              "nn/losses.dlm",
              "nn/normalization.dlm",
              "nn/optimizers.dlm",
              "nn/pooling.dlm",
              "nn/positions.dlm",
              "nn/recurrent.dlm",
              "nn/schedules.dlm",
              "nn/transformer.dlm"));

  private static final String FOLDER = "/dev/dlm/dsl/";

  private StandardLibrary() {}

  /** The names of the modules. */
  public static Set<String> modules() {
    return FILES.keySet();
  }

  /** The files that make up a module; empty if there is no module of that name. */
  public static List<String> files(String module) {
    return FILES.getOrDefault(module, List.of());
  }

  /** The text of one of the library's files; empty if {@code file} is none of them. */
  public static Optional<String> text(String file) {
    if (FILES.values().stream().noneMatch(files -> files.contains(file))) {
      return Optional.empty();
    }
    try (InputStream stream = StandardLibrary.class.getResourceAsStream(FOLDER + file)) {
      if (stream == null) {
        throw new InternalException("the library's file " + file + " is not on the class path");
      }
      return Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
