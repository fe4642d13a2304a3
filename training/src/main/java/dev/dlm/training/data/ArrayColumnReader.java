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
    this.pixels = Conversion.isOfPixels(array.column(), to);
  }

  static ArrayColumnReader of(
      ArrayDataSource.ArrayColumn array, DType dtype, List<Long> exampleShape) {
    Conversion.require(array.column(), array.origin().name(), dtype, exampleShape);
    return new ArrayColumnReader(array, dtype);
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
  public void gather(long epoch, long[] examples, int first, int count, MemorySegment destination) {
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
      Conversion.store(to, destination, target + i, pixels ? value / 255 : value);
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
}
