package dev.dlm.dsl;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.dsl.elaborate.Elaborated;
import dev.dlm.dsl.elaborate.FileElaborator;
import dev.dlm.dsl.source.Sources;
import java.nio.file.Path;

/** The front end of the language: from a {@code .dlm} file to graphs. Stateless and thread-safe. */
public final class Dsl {
  private Dsl() {}

  /**
   * What a file stands for.
   *
   * @throws GraphException with all mistakes found, in source order
   */
  public static Elaborated elaborate(Path file) {
    return elaborate(file.toString(), Sources.ofFiles());
  }

  /**
   * What a file stands for, its text and those that it imports taken from {@code sources}.
   *
   * @throws GraphException with all mistakes found, in source order
   */
  public static Elaborated elaborate(String file, Sources sources) {
    return DeepStack.call(() -> FileElaborator.elaborate(file, sources));
  }
}
