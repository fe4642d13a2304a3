package dev.dlm.training.data;

import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/** Reads examples of an array in memory, converting between element types on the way. */
final class ArrayColumnReader implements ColumnReader {
  private static final float[] BYTE_VALUES = byteTable(1);
  private static final float[] PIXEL_VALUES = byteTable(255);

  private final MemorySegment data;
  private final DType from;
  private final DType to;
  private final long elements;
  private final long countExamples;

  /** Whether bytes become fractions of 255. */
  private final boolean pixels;

  private ArrayColumnReader(ArrayDataSource.ArrayColumn array, DType to) {
    this.data = array.data();
    this.from = array.column().dtype();
    this.to = to;
    this.elements = array.column().countElements();
    this.countExamples = array.countExamples();
    this.pixels = from == DType.U8 && to.isFloat() && !array.column().exampleShape().isEmpty();
  }

  static ArrayColumnReader of(
      ArrayDataSource.ArrayColumn array, DType dtype, List<Long> exampleShape) {
    DataColumn column = array.column();
    if (!isLossless(column.dtype(), dtype)) {
      throw DataDiagnostics.mismatch(
          "'%s' holds %s, which does not become the %s that '%s' is declared with"
              .formatted(
                  array.origin().name(), column.dtype().text(), dtype.text(), column.name()));
    }
    long wanted = exampleShape.stream().reduce(1L, Math::multiplyExact);
    if (wanted != column.countElements()) {
      throw DataDiagnostics.mismatch(
          "an example of '%s' is %s%s, %d elements; '%s' is declared with %s, %d elements"
              .formatted(
                  array.origin().name(),
                  column.dtype().text(),
                  column.exampleShape(),
                  column.countElements(),
                  column.name(),
                  exampleShape,
                  wanted));
    }
    return new ArrayColumnReader(array, dtype);
  }

  /** Whether every value stays itself, the rounding of floats apart. */
  private static boolean isLossless(DType from, DType to) {
    return from == to
        || switch (from) {
          case U8, I8 -> to.isFloat() || to == DType.I32 || to == DType.I64;
          case I32 -> to.isFloat() || to == DType.I64;
          case I64, F64, F32, BF16, F16 -> to.isFloat();
          case BOOL -> false;
        };
  }

  private static float[] byteTable(float divisor) {
    float[] table = new float[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = i / divisor;
    }
    return table;
  }

  @Override
  public long exampleBytes() {
    return elements * to.sizeBytes();
  }

  @Override
  public void gather(long[] examples, int first, int count, MemorySegment destination) {
    Objects.checkFromIndexSize(first, count, examples.length);
    for (int i = 0; i < count; i++) {
      long example = Objects.checkIndex(examples[first + i], countExamples);
      long source = example * elements;
      long target = i * elements;
      if (from == to) {
        long bytes = elements * from.sizeBytes();
        MemorySegment.copy(data, example * bytes, destination, i * bytes, bytes);
      } else if (from == DType.U8 && to == DType.F32) {
        bytesToFloats(source, destination, target);
      } else {
        convert(source, destination, target);
      }
    }
  }

  private void bytesToFloats(long source, MemorySegment destination, long target) {
    float[] table = pixels ? PIXEL_VALUES : BYTE_VALUES;
    for (long i = 0; i < elements; i++) {
      destination.setAtIndex(
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          target + i,
          table[data.get(ValueLayout.JAVA_BYTE, source + i) & 0xff]);
    }
  }

  private void convert(long source, MemorySegment destination, long target) {
    for (long i = 0; i < elements; i++) {
      // Every integer that occurs here has 32 bits at most or becomes a float: double loses
      // nothing.
      double value = load(source + i);
      store(destination, target + i, pixels ? value / 255 : value);
    }
  }

  private double load(long i) {
    return switch (from) {
      case U8 -> data.get(ValueLayout.JAVA_BYTE, i) & 0xff;
      case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
      case BOOL -> data.get(ValueLayout.JAVA_BYTE, i) != 0 ? 1 : 0;
      case I32 -> data.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
      case I64 -> data.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i);
      case F64 -> data.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i);
      case F32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i);
      case F16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i));
      case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) << 16);
    };
  }

  private void store(MemorySegment destination, long i, double value) {
    switch (to) {
      case U8, I8, BOOL -> destination.set(ValueLayout.JAVA_BYTE, i, (byte) value);
      case I32 -> destination.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, (int) value);
      case I64 -> destination.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, (long) value);
      case F64 -> destination.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i, value);
      case F32 -> destination.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) value);
      case F16 ->
          destination.setAtIndex(
              ValueLayout.JAVA_SHORT_UNALIGNED, i, Float.floatToFloat16((float) value));
      case BF16 -> {
        int bits = Float.floatToRawIntBits((float) DType.BF16.round(value));
        destination.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i, (short) (bits >>> 16));
      }
    }
  }
}
