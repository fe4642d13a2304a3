package dev.dlm.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.training.data.ArrayDataSource.ArrayColumn;
import dev.dlm.training.data.ArrayDataSource.Origin;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArrayDataSourceTest {
  private static final long[] REVERSED = {99, 2, 1, 0};

  @TempDir Path folder;

  @Test
  void reader_scalesPixelsToFractions() {
    ArrayDataSource source = pixels();
    ColumnReader reader = source.reader(0, DType.F32, List.of(1L, 2L, 1L));
    assertThat(reader.exampleBytes()).isEqualTo(8);
    MemorySegment batch = Arena.ofAuto().allocate(24);
    reader.gather(REVERSED, 1, 3, batch);
    assertThat(batch.toArray(ValueLayout.JAVA_FLOAT))
        .containsExactly(128 / 255f, 1f, 127 / 255f, 3 / 255f, 0f, 1 / 255f);
  }

  @Test
  void reader_keepsStoredTypesAsTheyAre() {
    MemorySegment batch = Arena.ofAuto().allocate(6);
    pixels().reader(0, DType.U8, List.of(2L)).gather(REVERSED, 1, 3, batch);
    assertThat(batch.toArray(ValueLayout.JAVA_BYTE)).containsExactly(-128, -1, 127, 3, 0, 1);
  }

  @Test
  void firstColumns_leavesTheOthersOut() {
    ArrayDataSource digits = GeneratedDigits.of(GeneratedDigits.Part.TRAIN, 3, 1);
    ArrayDataSource images = digits.firstColumns(1);
    assertThat(images.columns()).containsExactly(digits.columns().getFirst());
    assertThat(images.countExamples()).isEqualTo(3);
  }

  @Test
  void reader_keepsTheValuesOfLabels() {
    ArrayDataSource source = labels(DType.U8, MemorySegment.ofArray(new byte[] {5, 0, -6}));
    MemorySegment ints = Arena.ofAuto().allocate(12);
    source.reader(0, DType.I32, List.of()).gather(REVERSED, 1, 3, ints);
    assertThat(ints.toArray(ValueLayout.JAVA_INT)).containsExactly(250, 0, 5);
    MemorySegment longs = Arena.ofAuto().allocate(24);
    source.reader(0, DType.I64, List.of()).gather(REVERSED, 1, 3, longs);
    assertThat(longs.toArray(ValueLayout.JAVA_LONG)).containsExactly(250, 0, 5);
    MemorySegment floats = Arena.ofAuto().allocate(12);
    source.reader(0, DType.F32, List.of()).gather(REVERSED, 1, 3, floats);
    assertThat(floats.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(250, 0, 5);
  }

  @Test
  void reader_roundsFloatsToEven() {
    float[] values = {1.00390625f, 1.01171875f, -0f};
    ArrayDataSource source = labels(DType.F32, MemorySegment.ofArray(values));
    MemorySegment shorts = Arena.ofAuto().allocate(6);
    source.reader(0, DType.BF16, List.of()).gather(new long[] {0, 1, 2}, 0, 3, shorts);
    // Both lie half-way between neighbours of eight bits of precision.
    assertThat(shorts.toArray(ValueLayout.JAVA_SHORT))
        .containsExactly((short) 0x3f80, (short) 0x3f82, (short) 0x8000);
    source.reader(0, DType.F16, List.of()).gather(new long[] {0, 1, 2}, 0, 3, shorts);
    assertThat(shorts.toArray(ValueLayout.JAVA_SHORT))
        .containsExactly((short) 0x3c04, (short) 0x3c0c, (short) 0x8000);
    MemorySegment doubles = Arena.ofAuto().allocate(24);
    source.reader(0, DType.F64, List.of()).gather(new long[] {2, 1, 0}, 0, 3, doubles);
    assertThat(doubles.toArray(ValueLayout.JAVA_DOUBLE))
        .containsExactly(-0.0, 1.01171875, 1.00390625);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32", "BF16", "F16"})
  void reader_givesEveryFloatTypeItsFractions(DType dtype) {
    MemorySegment batch = Arena.ofAuto().allocate(2 * dtype.sizeBytes());
    pixels().reader(0, dtype, List.of(2L)).gather(new long[] {1}, 0, 1, batch);
    ArrayDataSource again = labels(dtype, batch);
    MemorySegment doubles = Arena.ofAuto().allocate(16);
    again.reader(0, DType.F64, List.of()).gather(new long[] {0, 1}, 0, 2, doubles);
    assertThat(doubles.toArray(ValueLayout.JAVA_DOUBLE))
        .containsExactly(dtype.round(127 / 255.0), dtype.round(3 / 255.0));
  }

  @Test
  void reader_refusesExamplesOutOfRange() {
    ColumnReader reader = pixels().reader(0, DType.F32, List.of(2L));
    MemorySegment batch = Arena.ofAuto().allocate(8);
    assertThatThrownBy(() -> reader.gather(new long[] {3}, 0, 1, batch))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> reader.gather(new long[] {0, 1}, 0, 2, batch))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void reader_refusesAnotherNumberOfElements() {
    assertThatThrownBy(() -> pixels().reader(0, DType.F32, List.of(1L, 3L)))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "error[data-mismatch]: an example of 'pixels.idx' is u8[2], 2 elements;"
                + " 'image' is declared with [1, 3], 3 elements");
  }

  @ParameterizedTest
  @CsvSource({"F32,I32", "F64,U8", "I32,U8", "I32,I8", "U8,I8", "U8,BOOL", "I8,U8", "I64,I32"})
  void reader_refusesTypesThatLoseValues(DType from, DType to) {
    ArrayDataSource source = labels(from, MemorySegment.ofArray(new byte[16]));
    assertThatThrownBy(() -> source.reader(0, to, List.of()))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "error[data-mismatch]: 'labels.idx' holds %s, which does not become the %s that"
                    .formatted(from.text(), to.text())
                + " 'label' is declared with");
  }

  @Test
  void of_refusesColumnsOfDifferentLength() {
    ArrayColumn two =
        column("a", DType.U8, List.of(), MemorySegment.ofArray(new byte[2]), "two.idx");
    ArrayColumn three =
        column("b", DType.U8, List.of(), MemorySegment.ofArray(new byte[3]), "three.idx");
    assertThatThrownBy(() -> ArrayDataSource.of(List.of(two, three)))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "error[data-mismatch]: 'two.idx' holds 2 examples, 'three.idx' holds 3:"
                + " they do not belong together");
  }

  @Test
  void of_refusesEmptyData() {
    ArrayColumn empty =
        column("a", DType.U8, List.of(), MemorySegment.ofArray(new byte[0]), "empty.idx");
    assertThatThrownBy(() -> ArrayDataSource.of(List.of(empty)))
        .isInstanceOf(GraphException.class)
        .hasMessage("error[data-mismatch]: 'empty.idx' holds no examples");
    assertThatIllegalArgumentException().isThrownBy(() -> ArrayDataSource.of(List.of()));
  }

  @Test
  void column_refusesPartsOfExamples() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> column("a", DType.F32, List.of(2L), MemorySegment.ofArray(new byte[12]), "x.idx"))
        .withMessage("12 bytes are not a whole number of examples of 8 bytes");
  }

  @Test
  void idx_readsImagesAndLabels() throws IOException {
    Path images =
        write("images", IdxBytes.of(8, new int[] {2, 1, 3}, new byte[] {1, 2, 3, 4, 5, 6}));
    Path labels = write("labels", IdxBytes.gzip(IdxBytes.of(8, new int[] {2}, new byte[] {9, 4})));
    ArrayDataSource source =
        ArrayDataSource.idx(List.of("image", "label"), List.of(images, labels));
    assertThat(source.columns())
        .containsExactly(
            new DataColumn("image", DType.U8, List.of(1L, 3L)),
            new DataColumn("label", DType.U8, List.of()));
    assertThat(source.countExamples()).isEqualTo(2);
    source.requireBelow(1, 10);
  }

  @Test
  void idx_refusesWhatHasNoExamples() throws IOException {
    Path scalar = write("scalar", IdxBytes.of(8, new int[] {}, new byte[1]));
    assertThatThrownBy(() -> ArrayDataSource.idx(List.of("a"), List.of(scalar)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining(
            "'%s' is not valid data: at byte 3: found no dimension".formatted(scalar));
    Path hollow = write("hollow", IdxBytes.of(8, new int[] {4, 0}, new byte[0]));
    assertThatThrownBy(() -> ArrayDataSource.idx(List.of("a"), List.of(hollow)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the sizes [4, 0] leave an example without elements");
    assertThatThrownBy(() -> ArrayDataSource.idx(List.of("a", "b"), List.of(scalar)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("2 names for 1 files");
  }

  @Test
  void requireBelow_namesFileByteAndExample() throws IOException {
    byte[] shorts = {0, 1, 0, 12, 0, 3};
    Path file = write("labels", IdxBytes.of(0x0B, new int[] {3}, shorts));
    ArrayDataSource source = ArrayDataSource.idx(List.of("label"), List.of(file));
    source.requireBelow(0, 13);
    assertThatThrownBy(() -> source.requireBelow(0, 10))
        .isInstanceOf(GraphException.class)
        .hasMessage(
            "error[data-invalid]: '%s' is not valid data: at byte 10: the label of example 1 is 12,"
                    .formatted(file)
                + " expected 0 to 9");
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"I8", "I32", "I64"})
  void requireBelow_refusesNegativeLabels(DType dtype) {
    byte[] ones = new byte[dtype.sizeBytes()];
    Arrays.fill(ones, (byte) -1);
    assertThatThrownBy(() -> labels(dtype, MemorySegment.ofArray(ones)).requireBelow(0, 10))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the label of example 0 is -1, expected 0 to 9");
  }

  @Test
  void requireBelow_refusesFloats() {
    assertThatThrownBy(
            () -> labels(DType.F32, MemorySegment.ofArray(new float[1])).requireBelow(0, 10))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("holds f32, expected integers as labels");
  }

  @Test
  void idx_readsMnist() {
    Path mnist = SharedData.folder("mnist");
    ArrayDataSource train = mnist(mnist, "train");
    assertThat(train.countExamples()).isEqualTo(60_000);
    assertThat(train.columns().getFirst().exampleShape()).containsExactly(28L, 28L);
    train.requireBelow(1, 10);
    MemorySegment labels = Arena.ofAuto().allocate(20);
    train.reader(1, DType.I32, List.of()).gather(new long[] {0, 1, 2, 3, 4}, 0, 5, labels);
    assertThat(labels.toArray(ValueLayout.JAVA_INT)).containsExactly(5, 0, 4, 1, 9);
    assertThat(mnist(mnist, "t10k").countExamples()).isEqualTo(10_000);
  }

  @Test
  void idx_refusesMnistImagesOfOneSetWithLabelsOfTheOther() {
    Path mnist = SharedData.folder("mnist");
    assertThatThrownBy(() ->
            ArrayDataSource.idx(
                List.of("image", "label"),
                List.of(
                    mnist.resolve("t10k-images-idx3-ubyte.gz"),
                    mnist.resolve("train-labels-idx1-ubyte.gz"))))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("holds 10000 examples")
        .hasMessageContaining("holds 60000: they do not belong together");
  }

  private static ArrayDataSource mnist(Path folder, String part) {
    return ArrayDataSource.idx(
        List.of("image", "label"),
        List.of(
            folder.resolve(part + "-images-idx3-ubyte.gz"),
            folder.resolve(part + "-labels-idx1-ubyte.gz")));
  }

  private static ArrayDataSource pixels() {
    byte[] data = {0, 1, 127, 3, -128, -1};
    return ArrayDataSource.of(
        List.of(column("image", DType.U8, List.of(2L), MemorySegment.ofArray(data), "pixels.idx")));
  }

  private static ArrayDataSource labels(DType dtype, MemorySegment data) {
    return ArrayDataSource.of(List.of(column("label", dtype, List.of(), data, "labels.idx")));
  }

  private static ArrayColumn column(
      String name, DType dtype, List<Long> shape, MemorySegment data, String origin) {
    return new ArrayColumn(
        new DataColumn(name, dtype, shape), data, new Origin(origin, 0, dtype.sizeBytes()));
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
