package dev.dlm.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointTest {
  private static final String QUERY = "encoder.block[3].attention.query.w";

  @TempDir Path folder;

  @Test
  void write_givesTheDocumentedBytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CheckpointWriter.write(
        Channels.newChannel(bytes),
        Map.of("step", "7", "a\"b", "c\\d"),
        List.of(
            tensor("z", DType.F32, List.of(2L), 8),
            tensor("flag", DType.BOOL, List.of(), 1),
            tensor("a", DType.F32, List.of(1L, 1L), 4)));
    ByteBuffer file = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = (int) file.getLong();
    assertThat((headerBytes + 8) % 64).isZero();
    byte[] header = new byte[headerBytes];
    file.get(header);
    assertThat(new String(header, StandardCharsets.UTF_8).stripTrailing())
        .isEqualTo(
            "{\"__metadata__\":{\"a\\\"b\":\"c\\\\d\",\"step\":\"7\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                + "\"flag\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[12,13]},"
                + "\"z\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}");
    assertThat(file.remaining()).isEqualTo(13);
  }

  @Test
  void write_takesHeapMemoryOfAnyKind() {
    Path file = folder.resolve("w.safetensors");
    float[] floats = {1.5f, -0f, Float.NaN};
    CheckpointWriter.write(
        file,
        Map.of(),
        List.of(
            new CheckpointTensor("f", DType.F32, List.of(3L), MemorySegment.ofArray(floats)),
            new CheckpointTensor(
                "b",
                DType.U8,
                List.of(2L),
                MemorySegment.ofArray(new byte[] {1, 2}).asReadOnly())));
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThat(checkpoint.find("f").orElseThrow().data().toArray(ValueLayout.JAVA_FLOAT))
          .containsExactly(floats);
      assertThat(checkpoint.find("b").orElseThrow().data().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(1, 2);
    }
  }

  @Test
  void write_refusesTwoTensorsOfOneName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CheckpointWriter.write(
                folder.resolve("w"),
                Map.of(),
                List.of(
                    tensor("w", DType.F32, List.of(), 4), tensor("w", DType.F32, List.of(), 4))))
        .withMessage("two tensors are named 'w'");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void write_refusesTheReservedName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            CheckpointWriter.write(
                folder.resolve("w"),
                Map.of(),
                List.of(tensor("__metadata__", DType.F32, List.of(), 4))))
        .withMessageContaining("reserved");
  }

  @Test
  void tensor_refusesDataOfAnotherSize() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor("w", DType.F32, List.of(2L, 3L), 20))
        .withMessage("w: 20 bytes of data for f32[2, 3], which takes 24");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor("w", DType.F32, List.of(0L, -3L), 0))
        .withMessage("negative size -3");
  }

  @Test
  void open_showsTensorsInOrderOfTheirNames() {
    try (Checkpoint checkpoint = Checkpoint.open(sample())) {
      assertThat(checkpoint.tensors().keySet()).containsExactly("bias", QUERY);
      assertThat(checkpoint.metadata()).containsExactly(Map.entry("step", "7"));
      CheckpointTensor query = checkpoint.find(QUERY).orElseThrow();
      assertThat(query.dtype()).isEqualTo(DType.F32);
      assertThat(query.shape()).containsExactly(2L, 3L);
      assertThat(query.data().isReadOnly()).isTrue();
      assertThat(query.data().address() % 4).isZero();
      assertThat(checkpoint.find("absent")).isEmpty();
    }
  }

  @Test
  void open_acceptsAFileWithoutTensors() {
    Path file = folder.resolve("empty.safetensors");
    CheckpointWriter.write(file, Map.of(), List.of());
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      assertThat(checkpoint.tensors()).isEmpty();
    }
  }

  @Test
  void open_saysThatTheFileIsMissing() {
    Path file = folder.resolve("absent.safetensors");
    assertThatThrownBy(() -> Checkpoint.open(file))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "error[file-read]: cannot read the checkpoint '%s': no such file or folder"
                .formatted(file));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "[]        | 0 | the header is an array, expected an object",
        "{\"w\":1} | 0 | tensor 'w' is described by a number, expected an object",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]} | 8 | the header is not valid JSON at file byte 61: the text ends where ',' or '}' was expected",
        "{\"__metadata__\":[]} | 0 | __metadata__ is an array, expected an object",
        "{\"__metadata__\":{\"a\":1}} | 0 | __metadata__ 'a' is a number, expected a string",
        "{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}} | 8 | tensor 'w' has no dtype",
        "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}} | 8 | tensor 'w' has no shape",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}} | 8 | tensor 'w' has no data_offsets",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":0}} | 8 | tensor 'w' has the unknown property 'x', expected dtype, shape and data_offsets",
        "{\"w\":{\"dtype\":32,\"shape\":[2],\"data_offsets\":[0,8]}} | 8 | the dtype of tensor 'w' is a number, expected a string",
        "{\"w\":{\"dtype\":\"U16\",\"shape\":[2],\"data_offsets\":[0,8]}} | 8 | tensor 'w' has the unknown dtype 'U16', expected one of F64 F32 BF16 F16 I64 I32 I8 U8 BOOL",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}} | 8 | the shape of tensor 'w' is a number, expected an array of numbers",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | 8 | the shape of tensor 'w' holds -2, expected whole numbers from 0",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | 8 | the shape of tensor 'w' holds 2.0, expected whole numbers from 0",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[null],\"data_offsets\":[0,8]}} | 8 | the shape of tensor 'w' holds null, expected whole numbers from 0",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4000000000,4000000000],\"data_offsets\":[0,8]}} | 8 | tensor 'w': the shape [4000000000, 4000000000] has too many elements",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}} | 8 | tensor 'w' has 3 data_offsets, expected 2",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | 8 | tensor 'w' has data_offsets [0,8], 8 bytes, but f32[3] takes 12 bytes",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | 8 | tensor 'w' has data_offsets [8,0], -8 bytes, but f32[2] takes 8 bytes",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 7 | tensor 'w' ends at data byte 8, but the file holds 7 bytes of data: it is truncated",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 9 | the last tensor ends at data byte 8, but 9 bytes of data follow the header",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3 | tensor 'w' begins at data byte 1, expected 0: the bytes between belong to no tensor",
        "{\"v\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"w\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}} | 3 | tensor 'w' begins at data byte 1, expected 2: it overlaps the tensor before it",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"w\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | the header is not valid JSON at file byte 61: the name 'w' occurs twice",
      })
  void open_refusesAHeaderAndSaysWhy(String header, int dataBytes, String problem)
      throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    assertRefused(file(text.length, text, dataBytes), problem);
  }

  @Test
  void open_refusesAbsurdLengths() throws IOException {
    Path tiny = Files.write(folder.resolve("tiny"), new byte[7]);
    assertRefused(tiny, "it has 7 bytes, expected at least the 8 bytes of the header length");
    assertRefused(
        Files.write(folder.resolve("none"), new byte[0]),
        "it has 0 bytes, expected at least the 8 bytes of the header length");
    assertRefused(
        file(-1, new byte[0], 0),
        "the header length is 18446744073709551615, expected 2 to 100000000;"
            + " this is not a safetensors file");
    assertRefused(
        file(100, "{}".getBytes(StandardCharsets.UTF_8), 0),
        "the header takes 100 bytes, but only 2 follow its length: it is truncated");
  }

  @Test
  void open_leavesTheFileUsableAfterItWasReplaced() {
    Path file = sample();
    try (Checkpoint old = Checkpoint.open(file)) {
      byte[] before = old.find("bias").orElseThrow().data().toArray(ValueLayout.JAVA_BYTE);
      CheckpointWriter.write(file, Map.of(), List.of());
      assertThat(old.find("bias").orElseThrow().data().toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(before);
    }
  }

  @Test
  void copyInto_fillsTheDestinations() {
    try (Checkpoint checkpoint = Checkpoint.open(sample())) {
      CheckpointTensor query = tensor(QUERY, DType.F32, List.of(2L, 3L), 24);
      query.data().fill((byte) 99);
      checkpoint.copyInto(List.of(query), Checkpoint.Unused.IGNORE);
      assertThat(query.data().mismatch(checkpoint.find(QUERY).orElseThrow().data())).isEqualTo(-1);
    }
  }

  @Test
  void copyInto_namesEveryDifferenceAndCopiesNothing() {
    Path file = sample();
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      CheckpointTensor query = tensor(QUERY, DType.F32, List.of(2L, 3L), 24);
      query.data().fill((byte) 99);
      CheckpointTensor head = tensor("head.w", DType.F32, List.of(4L), 16);
      CheckpointTensor bias = tensor("bias", DType.F32, List.of(1L), 4);
      GraphException e =
          catchThrowableOfType(
              GraphException.class,
              () -> checkpoint.copyInto(List.of(query, bias, head), Checkpoint.Unused.REJECT));
      assertThat(e.diagnostics().stream().map(Diagnostic::message))
          .containsExactly(
              "the checkpoint '%s' holds 'bias' as i8[1], the model needs f32[1]".formatted(file),
              "the checkpoint '%s' has no 'head.w', which the model needs as f32[4]"
                  .formatted(file));
      assertThat(query.data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 99);
      assertThatThrownBy(() -> checkpoint.copyInto(List.of(query), Checkpoint.Unused.REJECT))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining("holds 'bias', which the model does not have");
    }
  }

  @Test
  void copyInto_boundsTheNumberOfDifferences() {
    List<CheckpointTensor> wanted = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      wanted.add(tensor("w" + i, DType.F32, List.of(), 4));
    }
    try (Checkpoint checkpoint = Checkpoint.open(sample())) {
      GraphException e =
          catchThrowableOfType(
              GraphException.class, () -> checkpoint.copyInto(wanted, Checkpoint.Unused.IGNORE));
      assertThat(e.diagnostics()).hasSize(21);
      assertThat(e.diagnostics().getLast().message()).endsWith("differs in 30 more tensors");
    }
  }

  private Path sample() {
    Path file = folder.resolve("sample.safetensors");
    CheckpointWriter.write(
        file,
        Map.of("step", "7"),
        List.of(
            tensor("bias", DType.I8, List.of(1L), 1),
            tensor(QUERY, DType.F32, List.of(2L, 3L), 24)));
    return file;
  }

  private Path file(long headerLength, byte[] header, int dataBytes) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerLength).put(header);
    return Files.write(folder.resolve("made.safetensors"), bytes.array());
  }

  private static void assertRefused(Path file, String problem) {
    GraphException e =
        catchThrowableOfType(GraphException.class, () -> Checkpoint.open(file).close());
    assertThat(e.diagnostics()).hasSize(1);
    assertThat(e.diagnostics().getFirst().code()).isEqualTo("checkpoint-invalid");
    assertThat(e.diagnostics().getFirst().message())
        .isEqualTo("'%s' is not a valid checkpoint: %s".formatted(file, problem));
  }

  private static CheckpointTensor tensor(String name, DType dtype, List<Long> shape, int bytes) {
    byte[] data = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      data[i] = (byte) (i + 1);
    }
    return new CheckpointTensor(name, dtype, shape, MemorySegment.ofArray(data));
  }
}
