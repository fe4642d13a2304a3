package dev.dlm.runtime.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class ArtifactProperties {
  private static Path folder = Path.of("");
  private static byte[] whole = {};

  @BeforeContainer
  static void writeOne() throws IOException {
    folder = Files.createTempDirectory("artifact");
    whole = Files.readAllBytes(ArtifactTest.write(folder));
  }

  @AfterContainer
  static void removeAll() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static Path altered(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("altered.dlmc"), bytes);
  }

  @Property(tries = 2000)
  void open_findsEveryAlteredByte(
      @ForAll @IntRange(max = 1 << 20) int place, @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    byte[] bytes = whole.clone();
    bytes[place % bytes.length] ^= (byte) change;
    Path file = altered(bytes);
    assertThatThrownBy(() -> Artifact.open(file)).isInstanceOf(GraphException.class);
  }

  @Property(tries = 300)
  void open_findsEveryTruncation(@ForAll @IntRange(max = 1 << 20) int length) throws IOException {
    Path file = altered(Arrays.copyOf(whole, length % whole.length));
    assertThatThrownBy(() -> Artifact.open(file))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("artifact-invalid");
  }

  @Property(tries = 100)
  void open_findsBytesBehindTheEnd(@ForAll @IntRange(min = 1, max = 200) int more)
      throws IOException {
    Path file = altered(Arrays.copyOf(whole, whole.length + more));
    assertThatThrownBy(() -> Artifact.open(file)).isInstanceOf(GraphException.class);
  }

  @Example
  void open_readsTheUnalteredFile() throws IOException {
    try (Artifact artifact = Artifact.open(altered(whole))) {
      assertThat(artifact.fileBytes()).isEqualTo(whole.length);
    }
  }
}
