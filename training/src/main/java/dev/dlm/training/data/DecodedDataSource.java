package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/** Examples whose elements are made when they are asked for. Thread-safe. */
public final class DecodedDataSource implements DataSource {

  /** Makes the elements of an example; it may be asked by several threads at once. */
  @FunctionalInterface
  public interface Decoder {
    /**
     * Puts every element of an example.
     *
     * @param epoch from zero
     * @param example from zero
     */
    void decode(long epoch, int example, Elements elements);
  }

  /** Takes the elements of one example. */
  public static final class Elements {
    private final DType to;
    private final MemorySegment destination;
    private final double divisor;
    private long first;

    private Elements(DType to, MemorySegment destination, double divisor) {
      this.to = to;
      this.destination = destination;
      this.divisor = divisor;
    }

    /**
     * Sets an element.
     *
     * @param index row-major
     * @param value one that the column's element type holds
     */
    public void put(int index, double value) {
      Conversion.store(to, destination, first + index, value / divisor);
    }
  }

  /**
   * A column.
   *
   * @param min the least value of integers, by which they are checked to be indices
   * @param max the greatest one
   * @param origin where it comes from, for messages
   */
  public record DecodedColumn(
      DataColumn column, Decoder decoder, long min, long max, String origin) {
    /** A column that holds no indices. */
    public static DecodedColumn of(DataColumn column, Decoder decoder, String origin) {
      return new DecodedColumn(column, decoder, Long.MIN_VALUE, Long.MAX_VALUE, origin);
    }
  }

  private final List<DecodedColumn> columns;
  private final int count;

  private DecodedDataSource(List<DecodedColumn> columns, int count) {
    this.columns = List.copyOf(columns);
    this.count = count;
  }

  /**
   * Examples from columns.
   *
   * @throws GraphException with code {@code data-mismatch} if there is no example
   */
  public static DecodedDataSource of(int count, List<DecodedColumn> columns) {
    if (count == 0) {
      throw DataDiagnostics.mismatch(
          "'%s' holds no examples".formatted(columns.getFirst().origin()));
    }
    return new DecodedDataSource(columns, count);
  }

  @Override
  public List<DataColumn> columns() {
    return columns.stream().map(DecodedColumn::column).toList();
  }

  @Override
  public long countExamples() {
    return count;
  }

  @Override
  public ColumnReader reader(int column, DType dtype, List<Long> exampleShape) {
    DecodedColumn decoded = columns.get(Objects.checkIndex(column, columns.size()));
    Conversion.require(decoded.column(), decoded.origin(), dtype, exampleShape);
    return new Reader(decoded, dtype, count);
  }

  @Override
  public void requireBelow(int column, long bound) {
    DecodedColumn decoded = columns.get(Objects.checkIndex(column, columns.size()));
    if (!decoded.column().dtype().isInteger()) {
      throw DataDiagnostics.mismatch(
          "'%s' holds %s, expected integers for '%s'"
              .formatted(
                  decoded.origin(), decoded.column().dtype().text(), decoded.column().name()));
    }
    if (decoded.min() < 0 || decoded.max() >= bound) {
      throw DataDiagnostics.mismatch(
          "'%s' has the numbers %d to %d in '%s', the model takes 0 to %d"
              .formatted(
                  decoded.column().name(),
                  decoded.min(),
                  decoded.max(),
                  decoded.origin(),
                  bound - 1));
    }
  }

  private record Reader(DecodedColumn column, DType to, int count) implements ColumnReader {
    @Override
    public long exampleBytes() {
      return column.column().countElements() * to.sizeBytes();
    }

    @Override
    public void gather(
        long epoch, long[] examples, int from, int wanted, MemorySegment destination) {
      Objects.checkFromIndexSize(from, wanted, examples.length);
      double divisor = Conversion.isOfPixels(column.column(), to) ? 255 : 1;
      Elements elements = new Elements(to, destination, divisor);
      for (int i = 0; i < wanted; i++) {
        elements.first = i * column.column().countElements();
        int example = (int) Objects.checkIndex(examples[from + i], (long) count);
        column.decoder().decode(epoch, example, elements);
      }
    }
  }
}
