package dev.dlm.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class CheckpointProperties {
  record Described(DType dtype, List<Long> shape, long seed) {}

  private static Path folder = Path.of("");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("checkpoint-properties");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void written_readsBackAndWritesTheSameBytes(
      @ForAll("described") Map<String, Described> described, @ForAll Map<String, String> metadata)
      throws IOException {
    List<CheckpointTensor> tensors = tensors(described);
    Path file = folder.resolve("round");
    CheckpointWriter.write(file, encodable(metadata), tensors);
    Path again = folder.resolve("again");
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThat(checkpoint.metadata()).isEqualTo(encodable(metadata));
      assertThat(checkpoint.tensors()).hasSize(tensors.size());
      for (CheckpointTensor tensor : tensors) {
        CheckpointTensor found = checkpoint.find(tensor.name()).orElseThrow();
        assertThat(found.dtype()).isEqualTo(tensor.dtype());
        assertThat(found.shape()).isEqualTo(tensor.shape());
        assertThat(found.data().mismatch(tensor.data())).isEqualTo(-1);
        assertThat(found.data().address() % found.dtype().sizeBytes()).isZero();
      }
      CheckpointWriter.write(
          again, checkpoint.metadata(), List.copyOf(checkpoint.tensors().values()).reversed());
    }
    assertThat(Files.mismatch(file, again)).isEqualTo(-1);
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void altered_opensOrSaysWhyNot(
      @ForAll("described") Map<String, Described> described, @ForAll long seed) throws IOException {
    Path file = folder.resolve("altered");
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    CheckpointWriter.write(Channels.newChannel(written), Map.of("step", "7"), tensors(described));
    Random random = new Random(seed);
    byte[] bytes = written.toByteArray();
    int alterations = 1 + random.nextInt(3);
    for (int i = 0; i < alterations && bytes.length > 0; i++) {
      switch (random.nextInt(3)) {
        case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        case 1 -> bytes[random.nextInt(Math.min(bytes.length, 400))] = (byte) random.nextInt();
        default -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
    }
    Files.write(file, bytes);
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      for (CheckpointTensor tensor : checkpoint.tensors().values()) {
        assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).hasSize((int) tensor.sizeBytes());
      }
    } catch (GraphException e) {
      assertThat(e).hasMessageContaining(file.toString());
      assertThat(e.diagnostics().getFirst().code()).isEqualTo("checkpoint-invalid");
    }
  }

  @Provide
  Arbitrary<Map<String, Described>> described() {
    Arbitrary<String> names =
        Arbitraries.strings().withChars("abw.[]0123é\"\\ ").ofMinLength(1).ofMaxLength(12);
    Arbitrary<Described> tensors =
        Combinators.combine(
                Arbitraries.of(DType.class),
                Arbitraries.longs().between(0, 5).list().ofMaxSize(4),
                Arbitraries.longs())
            .as(Described::new);
    return Arbitraries.maps(names, tensors).ofMaxSize(6);
  }

  private static List<CheckpointTensor> tensors(Map<String, Described> described) {
    List<CheckpointTensor> tensors = new ArrayList<>();
    new TreeMap<>(described)
        .forEach((name, value) -> {
          byte[] data = new byte[(int) CheckpointTensor.sizeBytesOf(value.dtype(), value.shape())];
          new Random(value.seed()).nextBytes(data);
          tensors.add(
              new CheckpointTensor(
                  name, value.dtype(), value.shape(), MemorySegment.ofArray(data)));
        });
    return tensors;
  }

  /** Text with unpaired surrogates has no UTF-8 form. */
  private static Map<String, String> encodable(Map<String, String> metadata) {
    Map<String, String> result = new TreeMap<>();
    metadata.forEach((key, value) -> result.put(encodable(key), encodable(value)));
    return result;
  }

  private static String encodable(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
