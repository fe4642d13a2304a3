package dev.dlm.dsl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The example files that several tests read. */
public final class Examples {
  /** Files that use all of the language. */
  public static final List<String> ALL =
      List.of("digits", "layers", "gpt", "gan", "comments", "loops");

  private Examples() {}

  /** The text of an example. */
  public static String read(String name) {
    try (InputStream stream = Examples.class.getResourceAsStream("examples/" + name + ".dlm")) {
      if (stream == null) {
        throw new IllegalArgumentException("no example " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
