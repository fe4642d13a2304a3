package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Examples that lie in memory, one array a column, as they were stored. Thread-safe. */
public final class ArrayDataSource implements DataSource {

  /**
   * Where an array comes from, for messages.
   *
   * @param name a file, or what made the data
   * @param dataOffsetBytes where the elements begin there
   * @param elementBytes bytes of one element there
   */
  public record Origin(String name, long dataOffsetBytes, int elementBytes) {}

  /**
   * An array with one example after the other.
   *
   * @param data row-major, in the machine's byte order; not copied
   */
  public record ArrayColumn(DataColumn column, MemorySegment data, Origin origin) {

    /**
     * @throws IllegalArgumentException if the data are not a whole number of examples, or examples
     *     have no elements, so that they cannot be counted
     */
    public ArrayColumn {
      long exampleBytes = column.countElements() * column.dtype().sizeBytes();
      if (exampleBytes == 0 || data.byteSize() % exampleBytes != 0) {
        throw new IllegalArgumentException(
            "%d bytes are not a whole number of examples of %d bytes"
                .formatted(data.byteSize(), exampleBytes));
      }
    }

    /** The number of examples. */
    public long countExamples() {
      return data.byteSize() / (column.countElements() * column.dtype().sizeBytes());
    }
  }

  private final List<ArrayColumn> arrays;

  private ArrayDataSource(List<ArrayColumn> arrays) {
    this.arrays = List.copyOf(arrays);
  }

  /**
   * Examples from arrays of equal length.
   *
   * @param arrays at least one
   * @throws GraphException with code {@code data-mismatch} if the numbers of examples differ, or
   *     there is no example
   */
  public static ArrayDataSource of(List<ArrayColumn> arrays) {
    if (arrays.isEmpty()) {
      throw new IllegalArgumentException("a data source needs at least one column");
    }
    ArrayColumn first = arrays.getFirst();
    for (ArrayColumn array : arrays) {
      if (array.countExamples() != first.countExamples()) {
        throw DataDiagnostics.mismatch(
            "'%s' holds %d examples, '%s' holds %d: they do not belong together"
                .formatted(
                    first.origin().name(),
                    first.countExamples(),
                    array.origin().name(),
                    array.countExamples()));
      }
    }
    if (first.countExamples() == 0) {
      throw DataDiagnostics.mismatch("'%s' holds no examples".formatted(first.origin().name()));
    }
    return new ArrayDataSource(arrays);
  }

  /**
   * Examples from IDX files, see {@link IdxFile}.
   *
   * @param names the columns' names
   * @param files one for each name; the first dimension of each counts the examples
   * @throws GraphException if a file is at fault, or their numbers of examples differ
   */
  public static ArrayDataSource idx(List<String> names, List<Path> files) {
    if (names.size() != files.size()) {
      throw DataDiagnostics.mismatch(
          "%d names for %d files: %s and %s".formatted(names.size(), files.size(), names, files));
    }
    List<ArrayColumn> arrays = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      IdxArray array = IdxFile.read(files.get(i));
      String origin = array.file().toString();
      if (array.shape().isEmpty()) {
        throw DataDiagnostics.invalidAt(
            origin, 3, "found no dimension, expected at least one, which counts the examples");
      }
      List<Long> exampleShape = array.shape().subList(1, array.shape().size());
      if (exampleShape.contains(0L)) {
        throw DataDiagnostics.invalidAt(
            origin, 4, "the sizes %s leave an example without elements".formatted(array.shape()));
      }
      arrays.add(
          new ArrayColumn(
              new DataColumn(names.get(i), array.dtype(), exampleShape),
              array.data(),
              new Origin(origin, array.dataOffsetBytes(), array.fileElementBytes())));
    }
    return of(arrays);
  }

  /**
   * The same examples without the columns that follow.
   *
   * @param count how many columns stay, at least one
   */
  public ArrayDataSource firstColumns(int count) {
    return of(arrays.subList(0, count));
  }

  @Override
  public List<DataColumn> columns() {
    return arrays.stream().map(ArrayColumn::column).toList();
  }

  @Override
  public long countExamples() {
    return arrays.getFirst().countExamples();
  }

  @Override
  public ColumnReader reader(int column, DType dtype, List<Long> exampleShape) {
    ArrayColumn array = arrays.get(Objects.checkIndex(column, arrays.size()));
    return ArrayColumnReader.of(array, dtype, exampleShape);
  }

  /**
   * {@inheritDoc}
   *
   * @throws GraphException with code {@code data-invalid} that names the file, the byte and the
   *     example of the first other element, or with code {@code data-mismatch} if the column does
   *     not hold integers
   */
  @Override
  public void requireBelow(int column, long bound) {
    ArrayColumn array = arrays.get(Objects.checkIndex(column, arrays.size()));
    DType dtype = array.column().dtype();
    if (!dtype.isInteger()) {
      throw DataDiagnostics.mismatch(
          "'%s' holds %s, expected integers as labels"
              .formatted(array.origin().name(), dtype.text()));
    }
    long count = array.data().byteSize() / dtype.sizeBytes();
    for (long i = 0; i < count; i++) {
      long label = label(array.data(), dtype, i);
      if (label < 0 || label >= bound) {
        Origin origin = array.origin();
        throw DataDiagnostics.invalidAt(
            origin.name(),
            origin.dataOffsetBytes() + i * origin.elementBytes(),
            "the label of example %d is %d, expected 0 to %d"
                .formatted(i / array.column().countElements(), label, bound - 1));
      }
    }
  }

  private static long label(MemorySegment data, DType dtype, long i) {
    return switch (dtype) {
      case U8 -> data.getAtIndex(ValueLayout.JAVA_BYTE, i) & 0xff;
      case I8 -> data.getAtIndex(ValueLayout.JAVA_BYTE, i);
      case I32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
      case I64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
      case F64, F32, BF16, F16, BOOL ->
          throw new IllegalArgumentException(dtype + " is not an integer type");
    };
  }
}
