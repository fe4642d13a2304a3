package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.GraphException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class IdxFileProperties {
  private static Path file = Path.of("");

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("idx-properties", "");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 200)
  void bytes_readBack(
      @ForAll @Size(max = 5) List<@IntRange(max = 6) Integer> shape,
      @ForAll boolean compressed,
      @ForAll long seed)
      throws IOException {
    byte[] data = new byte[shape.stream().reduce(1, (a, b) -> a * b)];
    new Random(seed).nextBytes(data);
    byte[] bytes = IdxBytes.of(0x08, shape.stream().mapToInt(size -> size).toArray(), data);
    Files.write(file, compressed ? IdxBytes.gzip(bytes) : bytes);
    IdxArray array = IdxFile.read(file);
    assertThat(array.shape()).isEqualTo(shape.stream().map(size -> (long) size).toList());
    assertThat(array.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(data);
  }

  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void altered_readsOrSaysWhyNot(@ForAll boolean compressed, @ForAll long seed) throws IOException {
    Random random = new Random(seed);
    int[] types = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E};
    int[] shape = {random.nextInt(4), random.nextInt(4)};
    byte[] data = new byte[shape[0] * shape[1] * 8];
    random.nextBytes(data);
    byte[] bytes = IdxBytes.of(types[random.nextInt(types.length)], shape, data);
    if (compressed) {
      bytes = IdxBytes.gzip(bytes);
    }
    int alterations = 1 + random.nextInt(3);
    for (int i = 0; i < alterations && bytes.length > 0; i++) {
      if (random.nextInt(3) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
    }
    Files.write(file, bytes);
    try {
      IdxArray array = IdxFile.read(file);
      long count = array.shape().stream().reduce(1L, (a, b) -> a * b);
      assertThat(array.data().byteSize()).isEqualTo(count * array.dtype().sizeBytes());
    } catch (GraphException e) {
      assertThat(e).hasMessageContaining("'" + file + "'");
      assertThat(e.diagnostics().getFirst().code()).isEqualTo("data-invalid");
    }
  }
}
