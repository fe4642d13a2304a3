package dev.dlm.training.data;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** What stored elements become when an input takes them; {@link DataSource#reader} says it. */
final class Conversion {
  private Conversion() {}

  /**
   * Checks that a column can be read so.
   *
   * @param origin where the column comes from, for messages
   * @throws GraphException with code {@code data-mismatch}
   */
  static void require(DataColumn column, String origin, DType dtype, List<Long> exampleShape) {
    if (!isLossless(column.dtype(), dtype)) {
      throw DataDiagnostics.mismatch(
          "'%s' holds %s, which does not become the %s that '%s' is declared with"
              .formatted(origin, column.dtype().text(), dtype.text(), column.name()));
    }
    long wanted = exampleShape.stream().reduce(1L, Math::multiplyExact);
    if (wanted != column.countElements()) {
      throw DataDiagnostics.mismatch(
          "an example of '%s' is %s%s, %d elements; '%s' is declared with %s, %d elements"
              .formatted(
                  origin,
                  column.dtype().text(),
                  column.exampleShape(),
                  column.countElements(),
                  column.name(),
                  exampleShape,
                  wanted));
    }
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

  /** Whether bytes become fractions of 255. */
  static boolean isOfPixels(DataColumn column, DType to) {
    return column.dtype() == DType.U8 && to.isFloat() && !column.exampleShape().isEmpty();
  }

  /** Writes one element. */
  static void store(DType to, MemorySegment destination, long index, double value) {
    switch (to) {
      case U8, I8, BOOL -> destination.set(ValueLayout.JAVA_BYTE, index, (byte) value);
      case I32 -> destination.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, index, (int) value);
      case I64 -> destination.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index, (long) value);
      case F64 -> destination.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index, value);
      case F32 -> destination.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, (float) value);
      case F16 ->
          destination.setAtIndex(
              ValueLayout.JAVA_SHORT_UNALIGNED, index, Float.floatToFloat16((float) value));
      case BF16 -> {
        int bits = Float.floatToRawIntBits((float) DType.BF16.round(value));
        destination.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index, (short) (bits >>> 16));
      }
    }
  }
}
