package dev.dlm.ir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Elements as raw memory: row-major, little-endian, without padding; a boolean is a byte that is 0
 * or 1. A NaN is written as the canonical one of its type.
 */
final class TensorMemory {
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private TensorMemory() {}

  static HostTensor read(TensorType type, MemorySegment memory) {
    checkSize(type, memory);
    return switch (type.dtype()) {
      case F64 -> HostTensor.ofDoubles(type, i -> memory.get(DOUBLE, 8L * i));
      case F32 -> HostTensor.ofDoubles(type, i -> memory.get(FLOAT, 4L * i));
      case F16 -> HostTensor.ofDoubles(type, i -> Float.float16ToFloat(memory.get(SHORT, 2L * i)));
      case BF16 ->
          HostTensor.ofDoubles(type, i -> Float.intBitsToFloat(memory.get(SHORT, 2L * i) << 16));
      case I64 -> HostTensor.ofLongs(type, i -> memory.get(LONG, 8L * i));
      case I32 -> HostTensor.ofLongs(type, i -> memory.get(INT, 4L * i));
      case I8, U8, BOOL -> HostTensor.ofLongs(type, i -> memory.get(BYTE, i));
    };
  }

  static void write(HostTensor tensor, MemorySegment memory) {
    checkSize(tensor.type(), memory);
    for (int i = 0; i < tensor.count(); i++) {
      switch (tensor.dtype()) {
        case F64 -> memory.set(LONG, 8L * i, Double.doubleToLongBits(tensor.doubleAt(i)));
        case F32 -> memory.set(INT, 4L * i, Float.floatToIntBits((float) tensor.doubleAt(i)));
        case F16 -> memory.set(SHORT, 2L * i, Float.floatToFloat16((float) canonical(tensor, i)));
        case BF16 ->
            memory.set(
                SHORT, 2L * i, (short) (Float.floatToIntBits((float) tensor.doubleAt(i)) >>> 16));
        case I64 -> memory.set(LONG, 8L * i, tensor.longAt(i));
        case I32 -> memory.set(INT, 4L * i, (int) tensor.longAt(i));
        case I8, U8, BOOL -> memory.set(BYTE, i, (byte) tensor.longAt(i));
      }
    }
  }

  private static double canonical(HostTensor tensor, int index) {
    double value = tensor.doubleAt(index);
    return Double.isNaN(value) ? Double.NaN : value;
  }

  private static void checkSize(TensorType type, MemorySegment memory) {
    long needed = type.sizeBytes().asLong();
    if (memory.byteSize() < needed) {
      throw new IllegalArgumentException(
          type + " takes " + needed + " bytes, the memory has " + memory.byteSize());
    }
  }
}
