package dev.dlm.cpu.loop;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Elements in memory, as generated scalar code reads and writes them: one pair of methods for each
 * element type, named after it.
 */
final class ElementMemory {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private ElementMemory() {}

  static float loadF32(MemorySegment memory, long at) {
    return memory.get(FLOAT, at);
  }

  static void storeF32(float value, MemorySegment memory, long at) {
    memory.set(FLOAT, at, value);
  }

  static double loadF64(MemorySegment memory, long at) {
    return memory.get(DOUBLE, at);
  }

  static void storeF64(double value, MemorySegment memory, long at) {
    memory.set(DOUBLE, at, value);
  }

  static float loadF16(MemorySegment memory, long at) {
    return Float.float16ToFloat(memory.get(SHORT, at));
  }

  static void storeF16(float value, MemorySegment memory, long at) {
    memory.set(SHORT, at, Float.floatToFloat16(value));
  }

  static float loadBf16(MemorySegment memory, long at) {
    return Float.intBitsToFloat(memory.get(SHORT, at) << 16);
  }

  /** The value is rounded to {@code bf16} already; a NaN whose payload is below becomes quiet. */
  static void storeBf16(float value, MemorySegment memory, long at) {
    memory.set(SHORT, at, (short) (Float.floatToIntBits(value) >>> 16));
  }

  static long loadI64(MemorySegment memory, long at) {
    return memory.get(LONG, at);
  }

  static void storeI64(long value, MemorySegment memory, long at) {
    memory.set(LONG, at, value);
  }

  static int loadI32(MemorySegment memory, long at) {
    return memory.get(INT, at);
  }

  static void storeI32(int value, MemorySegment memory, long at) {
    memory.set(INT, at, value);
  }

  static int loadI8(MemorySegment memory, long at) {
    return memory.get(BYTE, at);
  }

  static void storeI8(int value, MemorySegment memory, long at) {
    memory.set(BYTE, at, (byte) value);
  }

  static int loadU8(MemorySegment memory, long at) {
    return memory.get(BYTE, at) & 0xff;
  }

  static void storeU8(int value, MemorySegment memory, long at) {
    memory.set(BYTE, at, (byte) value);
  }

  static int loadBool(MemorySegment memory, long at) {
    return memory.get(BYTE, at) != 0 ? 1 : 0;
  }

  static void storeBool(int value, MemorySegment memory, long at) {
    memory.set(BYTE, at, (byte) value);
  }
}
