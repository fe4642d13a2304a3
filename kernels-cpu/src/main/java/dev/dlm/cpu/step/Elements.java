package dev.dlm.cpu.step;

import dev.dlm.ir.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Single elements in memory: floating-point ones widened to double, others to long. */
final class Elements {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Elements() {}

  static double get(DType dtype, MemorySegment memory, long index) {
    return switch (dtype) {
      case F64 -> memory.get(DOUBLE, 8 * index);
      case F32 -> memory.get(FLOAT, 4 * index);
      case F16 -> Float.float16ToFloat(memory.get(SHORT, 2 * index));
      case BF16 -> Float.intBitsToFloat(memory.get(SHORT, 2 * index) << 16);
      case I64, I32, I8, U8, BOOL -> throw new IllegalArgumentException(dtype + " is no float");
    };
  }

  static void set(DType dtype, MemorySegment memory, long index, double value) {
    switch (dtype) {
      case F64 -> memory.set(DOUBLE, 8 * index, value);
      case F32 -> memory.set(FLOAT, 4 * index, (float) value);
      case F16 -> memory.set(SHORT, 2 * index, Float.floatToFloat16((float) dtype.round(value)));
      case BF16 ->
          memory.set(
              SHORT, 2 * index, (short) (Float.floatToIntBits((float) dtype.round(value)) >>> 16));
      case I64, I32, I8, U8, BOOL -> throw new IllegalArgumentException(dtype + " is no float");
    }
  }

  static long getInteger(DType dtype, MemorySegment memory, long index) {
    return switch (dtype) {
      case I64 -> memory.get(LONG, 8 * index);
      case I32 -> memory.get(INT, 4 * index);
      case I8 -> memory.get(ValueLayout.JAVA_BYTE, index);
      case U8, BOOL -> memory.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
      case F64, F32, F16, BF16 -> throw new IllegalArgumentException(dtype + " is no integer");
    };
  }

  /** Stores a number that wraps around to the element type. */
  static void setInteger(DType dtype, MemorySegment memory, long index, long value) {
    switch (dtype) {
      case I64 -> memory.set(LONG, 8 * index, value);
      case I32 -> memory.set(INT, 4 * index, (int) value);
      case I8, U8, BOOL -> memory.set(ValueLayout.JAVA_BYTE, index, (byte) value);
      case F64, F32, F16, BF16 -> throw new IllegalArgumentException(dtype + " is no integer");
    }
  }
}
