package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_givesUnsignedBytes(boolean compressed) throws IOException {
    byte[] bytes = IdxBytes.of(0x08, new int[] {2, 3}, new byte[] {0, 1, 127, -128, -1, 5});
    IdxArray array = IdxFile.read(file(compressed ? IdxBytes.gzip(bytes) : bytes));
    assertThat(array.dtype()).isEqualTo(DType.U8);
    assertThat(array.shape()).containsExactly(2L, 3L);
    assertThat(array.dataOffsetBytes()).isEqualTo(12);
    assertThat(array.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(0, 1, 127, -128, -1, 5);
    assertThat(array.data().isReadOnly()).isTrue();
  }

  @Test
  void read_givesSignedBytes() throws IOException {
    IdxArray array = IdxFile.read(file(IdxBytes.of(0x09, new int[] {2}, new byte[] {-3, 4})));
    assertThat(array.dtype()).isEqualTo(DType.I8);
    assertThat(array.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(-3, 4);
  }

  @Test
  void read_widensShorts() throws IOException {
    byte[] data = ByteBuffer.allocate(4).putShort((short) -2).putShort((short) 300).array();
    IdxArray array = IdxFile.read(file(IdxBytes.of(0x0B, new int[] {2}, data)));
    assertThat(array.dtype()).isEqualTo(DType.I32);
    assertThat(array.fileElementBytes()).isEqualTo(2);
    assertThat(array.data().toArray(ValueLayout.JAVA_INT)).containsExactly(-2, 300);
  }

  @Test
  void read_givesInts() throws IOException {
    byte[] data = ByteBuffer.allocate(8).putInt(Integer.MIN_VALUE).putInt(70_000).array();
    IdxArray array = IdxFile.read(file(IdxBytes.of(0x0C, new int[] {2}, data)));
    assertThat(array.dtype()).isEqualTo(DType.I32);
    assertThat(array.data().toArray(ValueLayout.JAVA_INT))
        .containsExactly(Integer.MIN_VALUE, 70_000);
  }

  @Test
  void read_givesFloatsAndDoubles() throws IOException {
    byte[] floats = ByteBuffer.allocate(8).putFloat(1.5f).putFloat(-0f).array();
    IdxArray single = IdxFile.read(file(IdxBytes.of(0x0D, new int[] {2}, floats)));
    assertThat(single.dtype()).isEqualTo(DType.F32);
    assertThat(single.data().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1.5f, -0f);
    byte[] doubles = ByteBuffer.allocate(8).putDouble(Math.PI).array();
    IdxArray twice = IdxFile.read(file(IdxBytes.of(0x0E, new int[] {1, 1, 1, 1}, doubles)));
    assertThat(twice.dtype()).isEqualTo(DType.F64);
    assertThat(twice.shape()).containsExactly(1L, 1L, 1L, 1L);
    assertThat(twice.data().toArray(ValueLayout.JAVA_DOUBLE)).containsExactly(Math.PI);
  }

  @Test
  void read_givesScalarsAndEmptyArrays() throws IOException {
    IdxArray scalar = IdxFile.read(file(IdxBytes.of(0x08, new int[] {}, new byte[] {7})));
    assertThat(scalar.shape()).isEmpty();
    assertThat(scalar.data().toArray(ValueLayout.JAVA_BYTE)).containsExactly(7);
    int most = Integer.MAX_VALUE;
    IdxArray empty =
        IdxFile.read(file(IdxBytes.of(0x08, new int[] {most, most, most, 0}, new byte[0])));
    assertThat(empty.data().byteSize()).isZero();
  }

  @Test
  void read_givesArraysOfManyBuffers() throws IOException {
    int count = 50_000;
    ByteBuffer data = ByteBuffer.allocate(count * 4);
    for (int i = 0; i < count; i++) {
      data.putInt(i * i);
    }
    byte[] bytes = IdxBytes.of(0x0C, new int[] {count}, data.array());
    int[] values = IdxFile.read(file(IdxBytes.gzip(bytes))).data().toArray(ValueLayout.JAVA_INT);
    for (int i = 0; i < count; i++) {
      assertThat(values[i]).isEqualTo(i * i);
    }
  }

  @Test
  void read_refusesWhatIsNoIdxFile() throws IOException {
    assertRefused(
        new byte[] {'P', 'N', 'G', 0},
        "at byte 0: found 50 4e, expected the 00 00 that begins an IDX file");
    assertRefused(
        new byte[] {0, 0},
        "at byte 2: the file ends, expected the 4 bytes that begin an IDX file: it is truncated");
    assertRefused(
        new byte[0],
        "at byte 0: the file ends, expected the 4 bytes that begin an IDX file: it is truncated");
    assertRefused(
        IdxBytes.of(0x0A, new int[] {1}, new byte[1]),
        "at byte 2: found element type 0a, expected one of 08 09 0b 0c 0d 0e");
  }

  @Test
  void read_refusesAbsurdSizes() throws IOException {
    assertRefused(
        IdxBytes.of(0x08, new int[] {2, -1}, new byte[2]),
        "at byte 8: dimension 1 has the size -1, expected 0 or more");
    int most = Integer.MAX_VALUE;
    String problem =
        "at byte 4: the sizes [%d, %d, %d] need more elements of 8 bytes than the file of %d bytes"
            + " can hold";
    byte[] plain = IdxBytes.of(0x0E, new int[] {most, most, most}, new byte[2]);
    assertRefused(plain, problem.formatted(most, most, most, plain.length));
    byte[] compressed = IdxBytes.gzip(plain);
    assertRefused(compressed, problem.formatted(most, most, most, compressed.length));
  }

  @Test
  void read_refusesTruncatedFiles() throws IOException {
    byte[] bytes = IdxBytes.of(0x08, new int[] {2, 3}, new byte[6]);
    assertRefused(
        Arrays.copyOf(bytes, 10),
        "at byte 10: the file ends, expected the size of dimension 1 of 2: it is truncated");
    // The sizes are compared with the length of the whole file, so more must be missing than that.
    byte[] larger = IdxBytes.of(0x08, new int[] {2, 30}, new byte[60]);
    assertRefused(
        Arrays.copyOf(larger, 65),
        "at byte 65: the file ends, expected 60 elements of 1 bytes: it is truncated");
  }

  @Test
  void read_refusesTrailingData() throws IOException {
    String problem = "at byte 18: more data follow, expected the end after [2, 3] elements";
    byte[] bytes = IdxBytes.of(0x08, new int[] {2, 3}, new byte[7]);
    assertRefused(bytes, problem);
    assertRefused(IdxBytes.gzip(bytes), problem);
  }

  @Test
  void read_refusesDamagedCompression() throws IOException {
    byte[] gzip = IdxBytes.gzip(IdxBytes.of(0x08, new int[] {2000}, new byte[2000]));
    byte[] method = gzip.clone();
    method[2] = 9;
    assertRefused(method, "at byte 0: the gzip header is damaged");
    byte[] checksum = gzip.clone();
    checksum[gzip.length - 8] ^= 1;
    assertRefused(
        checksum, "at byte 2008: the gzip data are damaged or truncated: Corrupt GZIP trailer");
    GraphException e = refusal(file(Arrays.copyOf(gzip, gzip.length - 12)));
    assertThat(e).hasMessageContaining("the gzip data are damaged or truncated");
  }

  @Test
  void read_saysThatAFileIsMissingOrAFolder() {
    Path absent = folder.resolve("absent");
    assertThat(refusal(absent))
        .hasMessage(
            "error[file-read]: cannot read the data file '%s': no such file".formatted(absent));
    assertThat(refusal(folder))
        .hasMessageContaining("error[file-read]: cannot read the data file '%s'".formatted(folder));
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("data"), bytes);
  }

  private void assertRefused(byte[] bytes, String problem) throws IOException {
    Path file = file(bytes);
    assertThat(refusal(file))
        .hasMessage("error[data-invalid]: '%s' is not valid data: %s".formatted(file, problem));
  }

  private static GraphException refusal(Path file) {
    return catchThrowableOfType(GraphException.class, () -> IdxFile.read(file));
  }
}
